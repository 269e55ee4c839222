import type * as z from 'zod';

import { changeSchema, type Change } from './change.ts';
import { replayEndedSchema, type ReplayEnded } from './replay-message.ts';

/**
 * The library for consumers of the feed, `calendar-mirror/feed`: types and parsers for the messages of both topics. It loads no
 * Google client.
 *
 * @module
 */

export type { Change } from './change.ts';
export type { ReplayEnded } from './replay-message.ts';
export { parseNotification, type Notification } from './notification.ts';

interface Rejected {
  readonly ok: false;
  readonly problem: string;
}

export type ParsedChange = { readonly ok: true; readonly change: Change } | Rejected;

export type ParsedReplayEnded = { readonly ok: true; readonly ended: ReplayEnded } | Rejected;

/** Parses data by the schema of that name. */
function parse<T>(
  data: Uint8Array | string,
  schema: z.ZodType<T>,
  name: string,
): { readonly ok: true; readonly value: T } | Rejected {
  let json: unknown;
  try {
    json = JSON.parse(typeof data === 'string' ? data : new TextDecoder().decode(data));
  } catch {
    return { ok: false, problem: 'data is not valid JSON' };
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return { ok: true, value: parsed.data };
  const where = parsed.error.issues.map((issue) => issue.path.join('.')).join(', ');
  return { ok: false, problem: `data does not match the ${name} schema: ${where}` };
}

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
  const parsed = parse(data, changeSchema, 'Change');
  return parsed.ok ? { ok: true, change: parsed.value } : parsed;
}

/**
 * Parses the data of a message whose `ce-type` is `calendar.replay.ended`, which ends the replay of a watch.
 *
 * @param data of the message, as bytes or as text
 * @returns how many messages the replay has and from which number on to count gaps, or why the data is not that
 *
 * @example
 * if (message.attributes['ce-type'] === 'calendar.replay.ended') {
 *   const parsed = parseReplayEnded(message.data);
 *   if (parsed.ok) console.log(parsed.ended.watchId, parsed.ended.count, parsed.ended.sequence);
 * }
 */
export function parseReplayEnded(data: Uint8Array | string): ParsedReplayEnded {
  const parsed = parse(data, replayEndedSchema, 'ReplayEnded');
  return parsed.ok ? { ok: true, ended: parsed.value } : parsed;
}
