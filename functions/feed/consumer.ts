import { changeSchema, type Change } from './change.ts';

/**
 * The library for consumers of the feed, `calendar-mirror/feed`: types and parsers for the messages of both topics. It loads no
 * Google client.
 *
 * @module
 */

export type { Change } from './change.ts';
export { parseNotification, type Notification } from './notification.ts';

export type ParsedChange =
  | { readonly ok: true; readonly change: Change }
  | { readonly ok: false; readonly problem: string };

/**
 * Parses the data of a message of `calendar-changes`.
 *
 * @param data of the message, as bytes or as text
 * @returns the change, or why the data is not a change
 *
 * @example
 * subscription.on('message', (message) => {
 *   const parsed = parseChange(message.data);
 *   if (parsed.ok) console.log(parsed.change.change, parsed.change.itemId);
 *   message.ack();
 * });
 */
export function parseChange(data: Uint8Array | string): ParsedChange {
  let json: unknown;
  try {
    json = JSON.parse(typeof data === 'string' ? data : new TextDecoder().decode(data));
  } catch {
    return { ok: false, problem: 'data is not valid JSON' };
  }
  const parsed = changeSchema.safeParse(json);
  if (parsed.success) return { ok: true, change: parsed.data };
  const where = parsed.error.issues.map((issue) => issue.path.join('.')).join(', ');
  return { ok: false, problem: `data does not match the Change schema: ${where}` };
}
