/** Rules for faults of requests and notifications, as JSON. The control routes and tests share them. */
import * as z from 'zod';

const timing = {
  /** Number of matches to skip before the rule acts. */
  skip: z.int().min(0).optional(),
  /** Number of times the rule acts. Without it, the rule acts until it is removed. */
  times: z.int().min(1).optional(),
  /** Probability (0 to 1) that the rule acts on a match. */
  probability: z.number().min(0).max(1).optional(),
};

/** What channels and sync tokens are about. */
export const resource = z.enum(['events', 'acl', 'calendarList', 'settings']);

const requestMatch = z.strictObject({
  /** A method id such as `calendar.events.list`. `*` matches any characters: `calendar.*.watch`. */
  method: z.string().optional(),
  /** A substring of the path. */
  path: z.string().optional(),
  user: z.string().optional(),
  /** The calendar id, canonical or as given in the request (`primary`). */
  calendarId: z.string().optional(),
});

const requestEffect = z.discriminatedUnion('do', [
  z.strictObject({
    do: z.literal('fail'),
    status: z.int().min(400).max(599),
    reason: z.string().optional(),
    message: z.string().optional(),
    /** Sent as Retry-After. */
    retryAfterSeconds: z.int().min(0).optional(),
  }),
  /** Drops the connection `before` the request takes effect, or `after` it: then only the response is lost. */
  z.strictObject({ do: z.literal('hangUp'), when: z.enum(['before', 'after']) }),
  z.strictObject({ do: z.literal('delay'), ms: z.int().min(0).max(600_000) }),
]);

const notificationMatch = z.strictObject({
  channelId: z.string().optional(),
  resource: resource.optional(),
  /** The calendar's canonical id, even if the channel was created for `primary`. */
  calendarId: z.string().optional(),
  /** The account that created the channel. */
  user: z.string().optional(),
  state: z.enum(['sync', 'exists', 'not_exists']).optional(),
});

const notificationEffect = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('drop') }),
  z.strictObject({ do: z.literal('duplicate'), copies: z.int().min(1).max(100).optional() }),
  z.strictObject({ do: z.literal('delay'), ms: z.int().min(0).max(600_000) }),
  /** Sends the channel's next notification before this one. If none follows, this one is sent after `maxMs`. */
  z.strictObject({ do: z.literal('reorder'), maxMs: z.int().min(1).max(600_000).optional() }),
]);

const requestRule = z.strictObject({
  on: z.literal('request'),
  match: requestMatch.optional(),
  effect: requestEffect,
  ...timing,
});

const notificationRule = z.strictObject({
  on: z.literal('notification'),
  match: notificationMatch.optional(),
  effect: notificationEffect,
  ...timing,
});

export const faultRule = z.discriminatedUnion('on', [requestRule, notificationRule]);

export type FaultRule = z.infer<typeof faultRule>;
export type RequestRule = z.infer<typeof requestRule>;
export type NotificationRule = z.infer<typeof notificationRule>;
export type RequestEffect = z.infer<typeof requestEffect>;
export type NotificationEffect = z.infer<typeof notificationEffect>;
