import * as z from 'zod';

import { envelope, type OutgoingMessage } from './envelope.ts';
import { isWatchId } from '../watches/channel-token.ts';
import { RESOURCES } from '../calendar/resources.ts';
import { parseJson } from '../runtime/json.ts';

/**
 * Messages of the topic `calendar-notifications`: each requests a sync of one watch, or that its clock be looked at. A `push` comes
 * from Google through `receive`; the others come from renew (`poll`, `clock`), sync itself (`continue`) and people (`manual`).
 */

const whole = z.number().int().nonnegative();

const pushData = z.object({
  channelId: z.string().min(1),
  messageNumber: whole,
  resourceId: z.string().min(1),
  resourceState: z.string().min(1),
  resourceUri: z.string(),
  channelExpiration: z.string().optional().describe('ISO 8601; absent if the channel does not expire.'),
  receivedAt: z.string().describe('ISO 8601, by the clock of `receive`.'),
});
export type PushData = z.infer<typeof pushData>;

/** The data of a message, by its reason. */
export const notificationData = {
  push: pushData,
  poll: z.object({}),
  clock: z.object({}),
  continue: z.object({
    traversal: z.string().min(1),
    position: whole.describe('Number of steps of the traversal that were committed when this was published.'),
  }),
  manual: z.object({ full: z.boolean().default(false) }),
};

const about = { watchId: z.string() };

/** The data of a push is optional: only the fact that the watch changed must not be lost. */
const notificationSchema = z.discriminatedUnion('reason', [
  z.object({ ...about, reason: z.literal('push'), ...notificationData.push.partial().shape }),
  z.object({ ...about, reason: z.literal('poll'), ...notificationData.poll.shape }),
  z.object({ ...about, reason: z.literal('clock'), ...notificationData.clock.shape }),
  z.object({ ...about, reason: z.literal('continue'), ...notificationData.continue.shape }),
  z.object({ ...about, reason: z.literal('manual'), ...notificationData.manual.shape }),
]);
export type Notification = z.infer<typeof notificationSchema>;

const attributesSchema = z.object({
  watch: z.string({ error: 'has no attribute "watch"' }).refine(isWatchId, 'has an invalid watch id'),
  reason: z.enum(['push', 'poll', 'clock', 'continue', 'manual'], {
    error: 'has no valid attribute "reason": use push, poll, clock, continue or manual',
  }),
});

export type ParsedNotification =
  | { readonly ok: true; readonly notification: Notification }
  /** `watchId` is the watch of the malformed message, if it names a valid one. */
  | { readonly ok: false; readonly problem: string; readonly watchId?: string };

const namedSchema = attributesSchema.pick({ watch: true });

/** Parses a message of `calendar-notifications`; `problem` says why it can never be processed. */
export function parseNotification(attributes: unknown, text: string): ParsedNotification {
  const head = attributesSchema.safeParse(attributes ?? {});
  if (!head.success) {
    const named = namedSchema.safeParse(attributes ?? {});
    const problem = `the message ${head.error.issues[0]?.message ?? 'is malformed'}`;
    return { ok: false, problem, ...(named.success ? { watchId: named.data.watch } : {}) };
  }
  const { watch: watchId, reason } = head.data;
  const data = text === '' ? {} : parseJson(text);
  if (typeof data !== 'object' || data === null)
    return { ok: false, problem: 'the data is not a JSON object', watchId };
  const parsed = notificationSchema.safeParse({ ...data, watchId, reason });
  if (parsed.success) return { ok: true, notification: parsed.data };
  const where = parsed.error.issues.map((issue) => issue.path.join('.')).join(', ');
  return { ok: false, problem: `the data of a ${reason} message is malformed: ${where}`, watchId };
}

/** Returns what a resource URI names, such as `…/calendars/{id}/events?alt=json` or `…/users/me/settings`. */
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

/** Returns the message that `receive` publishes for a notification from Google. */
export function pushMessage(watchId: string, data: PushData): OutgoingMessage {
  return envelope({
    id: `${data.channelId}/${String(data.messageNumber)}`,
    type: TYPE,
    kind: 'notification',
    watchId,
    subject: `channels/${data.channelId}`,
    time: data.receivedAt,
    attributes: { reason: 'push', state: data.resourceState, ...resourceOfUri(data.resourceUri) },
    data,
  });
}

/** Returns a message that requests a sync without a channel. `id` is unique, `time` is ISO 8601. */
export function requestMessage(
  request: Exclude<Notification, { reason: 'push' }>,
  id: string,
  time: string,
): OutgoingMessage {
  const { reason, watchId, ...data } = request;
  return envelope({
    id,
    type: TYPE,
    kind: 'notification',
    watchId,
    time,
    attributes: { reason },
    data: { ...data, requestedAt: time },
  });
}
