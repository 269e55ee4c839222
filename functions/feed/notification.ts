import * as z from 'zod';

import { isWatchId } from '../channel/token.ts';
import { RESOURCES } from '../calendar/resources.ts';
import { jsonOf } from '../json.ts';
import { envelope, type OutgoingMessage } from './envelope.ts';

/**
 * Messages of the topic `calendar-notifications`: each asks `sync` to look at one watch. A `push` comes from
 * Google through `receive`; the others come from renew (`poll`), sync itself (`continue`) and people (`manual`).
 */

const pushData = z.object({
  channelId: z.string().min(1),
  messageNumber: z.number().int().nonnegative(),
  resourceId: z.string().min(1),
  resourceState: z.string().min(1),
  resourceUri: z.string(),
  channelExpiration: z.string().optional().describe('ISO 8601; absent where the channel does not expire.'),
  receivedAt: z.string().describe('ISO 8601, by the clock of `receive`.'),
});
export type PushData = z.infer<typeof pushData>;

/** The data of a message, by its reason. */
export const notificationData = {
  push: pushData,
  poll: z.object({}),
  continue: z.object({
    traversal: z.string().min(1),
    position: z
      .number()
      .int()
      .nonnegative()
      .describe('How many steps of the traversal were committed when this was published.'),
  }),
  manual: z.object({ full: z.boolean().default(false) }),
};

const about = { watchId: z.string() };

/** A push is understood without its data as well: that a watch changed is all that must not get lost. */
const notificationSchema = z.discriminatedUnion('reason', [
  z.object({ ...about, reason: z.literal('push'), ...notificationData.push.partial().shape }),
  z.object({ ...about, reason: z.literal('poll'), ...notificationData.poll.shape }),
  z.object({ ...about, reason: z.literal('continue'), ...notificationData.continue.shape }),
  z.object({ ...about, reason: z.literal('manual'), ...notificationData.manual.shape }),
]);
export type Notification = z.infer<typeof notificationSchema>;

const attributesSchema = z.object({
  watch: z.string({ error: 'has no attribute "watch"' }).refine(isWatchId, 'has an impossible watch id'),
  reason: z.enum(['push', 'poll', 'continue', 'manual'], {
    error: 'has no attribute "reason" that is push, poll, continue or manual',
  }),
});

export type Parsed =
  | { readonly ok: true; readonly notification: Notification }
  /** `watchId`: the watch that it names all the same. */
  | { readonly ok: false; readonly problem: string; readonly watchId?: string };

const namedSchema = attributesSchema.pick({ watch: true });

/** Reads a message of the notifications topic; `problem` says why it can never be understood. */
export function parseNotification(attributes: unknown, text: string): Parsed {
  const head = attributesSchema.safeParse(attributes ?? {});
  if (!head.success) {
    const named = namedSchema.safeParse(attributes ?? {});
    const problem = `the message ${head.error.issues[0]?.message ?? 'is malformed'}`;
    return { ok: false, problem, ...(named.success ? { watchId: named.data.watch } : {}) };
  }
  const { watch: watchId, reason } = head.data;
  const data = text === '' ? {} : jsonOf(text);
  if (typeof data !== 'object' || data === null)
    return { ok: false, problem: 'the data is not a JSON object', watchId };
  const parsed = notificationSchema.safeParse({ ...data, watchId, reason });
  if (parsed.success) return { ok: true, notification: parsed.data };
  const where = parsed.error.issues.map((issue) => issue.path.join('.')).join(', ');
  return { ok: false, problem: `the data of a ${reason} message is malformed: ${where}`, watchId };
}

/** What a resource URI names: `…/calendars/{id}/events?alt=json`, `…/users/me/settings` and the like. */
export function resourceOfUri(uri: string): { resource?: string; calendar?: string } {
  const pathname = URL.parse(uri)?.pathname ?? '';
  const resource = RESOURCES.find((each) => pathname.endsWith(`/${each}`));
  if (resource === undefined) return {};
  const [, calendar] = /\/calendars\/([^/]+)\/(?:events|acl)$/.exec(pathname) ?? [];
  if (calendar === undefined) return { resource };
  try {
    return { resource, calendar: decodeURIComponent(calendar) };
  } catch {
    return { resource };
  }
}

const TYPE = 'calendar.notification.received';

/** The message that `receive` publishes for one request of Google's. */
export function pushMessage(watchId: string, data: PushData): OutgoingMessage {
  return envelope({
    id: `${data.channelId}/${String(data.messageNumber)}`,
    type: TYPE,
    watchId,
    subject: `channels/${data.channelId}`,
    time: data.receivedAt,
    orderingKey: watchId,
    attributes: {
      watch: watchId,
      reason: 'push',
      state: data.resourceState,
      ...resourceOfUri(data.resourceUri),
    },
    data,
  });
}

/** A message that concerns a watch and no channel. `id` is unique, `time` ISO 8601. */
export function requestMessage(
  request: Exclude<Notification, { reason: 'push' }>,
  id: string,
  time: string,
): OutgoingMessage {
  const { reason, watchId, ...data } = request;
  return envelope({
    id,
    type: TYPE,
    watchId,
    subject: `watches/${watchId}`,
    time,
    orderingKey: watchId,
    attributes: { watch: watchId, reason },
    data: { ...data, requestedAt: time },
  });
}
