/** The rules by which requests and notifications go wrong, as JSON: the control route and the tests share them. */
import * as z from 'zod';

const timing = {
  /** Matches to let pass before the rule starts to act. */
  skip: z.int().min(0).optional(),
  /** How often the rule acts before it is spent; without it, until it is removed. */
  times: z.int().min(1).optional(),
  /** Chance of acting on each match, 0 to 1. */
  probability: z.number().min(0).max(1).optional(),
};

const requestMatch = z.strictObject({
  /** A method id such as `calendar.events.list`; `*` stands for any characters: `calendar.*.watch`. */
  method: z.string().optional(),
  /** Text that the path contains. */
  path: z.string().optional(),
  user: z.string().optional(),
  /** The calendar id as the request names it. */
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
  /** Drop the connection `before` the request has any effect, or `after` it: the answer alone is lost. */
  z.strictObject({ do: z.literal('hangUp'), when: z.enum(['before', 'after']) }),
  z.strictObject({ do: z.literal('delay'), ms: z.int().min(0).max(600_000) }),
]);

const notificationMatch = z.strictObject({
  channelId: z.string().optional(),
  resource: z.enum(['events', 'acl', 'calendarList', 'settings']).optional(),
  /** The calendar's own id, also where the channel was made for `primary`. */
  calendarId: z.string().optional(),
  /** The account that made the channel. */
  user: z.string().optional(),
  state: z.enum(['sync', 'exists', 'not_exists']).optional(),
});

const notificationEffect = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('drop') }),
  z.strictObject({ do: z.literal('duplicate'), copies: z.int().min(1).max(100).optional() }),
  z.strictObject({ do: z.literal('delay'), ms: z.int().min(0).max(600_000) }),
  /** Let the channel's next notification overtake this one, which follows it, or goes out after `maxMs`. */
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
