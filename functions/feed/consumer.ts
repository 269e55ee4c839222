import type * as z from 'zod';

import { RESOURCES } from '../calendar/resources.ts';
import { parseJson } from '../runtime/json.ts';
import { changeSchema, type Change } from './change.ts';
import { clockMessageSchema, type ClockMessage } from './clock-message.ts';
import { replayEndedSchema, type ReplayEnded } from './replay-message.ts';
import { watchMessageSchema, type WatchMessage } from './watch-message.ts';

/**
 * The library for consumers of the feed, `calendar-mirror/feed`: types and parsers for the messages of both topics. It loads no
 * Google client.
 *
 * @module
 */

export type { Change } from './change.ts';
export { describeChange } from './describe.ts';
export type { Detail } from './detail.ts';
export { KINDS, type Kind } from './kinds.ts';
export { sentenceOf, type SentenceOptions } from './sentence.ts';
export type { ClockMessage } from './clock-message.ts';
export type { ReplayEnded } from './replay-message.ts';
export { parseNotification, type Notification } from './notification.ts';
export type { WatchMessage } from './watch-message.ts';

interface Rejected {
  readonly ok: false;
  readonly problem: string;
}

export type ParsedChange = { readonly ok: true; readonly change: Change } | Rejected;

export type ParsedReplayEnded = { readonly ok: true; readonly ended: ReplayEnded } | Rejected;

export type ParsedClockMessage = { readonly ok: true; readonly message: ClockMessage } | Rejected;

/** A message of `calendar-changes`, by what it is about. */
export type ParsedMessage =
  | { readonly ok: true; readonly about: 'item'; readonly change: Change }
  /** `isSynced`: the first sync or a full sync is complete; else the watch has entered `watch.state`. */
  | { readonly ok: true; readonly about: 'watch'; readonly watch: WatchMessage; readonly isSynced: boolean }
  | { readonly ok: true; readonly about: 'replay'; readonly ended: ReplayEnded }
  /** A type that this version does not know: pass over it. */
  | { readonly ok: true; readonly about: 'other'; readonly type: string }
  | Rejected;

type Data = Uint8Array | string;

/** Parses data by the schema of that name. */
function parse<T>(
  data: Data,
  schema: z.ZodType<T>,
  name: string,
): { readonly ok: true; readonly value: T } | Rejected {
  const json = parseJson(typeof data === 'string' ? data : new TextDecoder().decode(data));
  if (json === undefined) return { ok: false, problem: 'data is not valid JSON' };
  const parsed = schema.safeParse(json);
  if (parsed.success) return { ok: true, value: parsed.data };
  const where = parsed.error.issues.map((issue) => issue.path.join('.')).join(', ');
  return { ok: false, problem: `data does not match the ${name} schema: ${where}` };
}

/**
 * Parses the data of a message about an item; {@link parseMessage} parses any message.
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
export function parseChange(data: Data): ParsedChange {
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
export function parseReplayEnded(data: Data): ParsedReplayEnded {
  const parsed = parse(data, replayEndedSchema, 'ReplayEnded');
  return parsed.ok ? { ok: true, ended: parsed.value } : parsed;
}

/**
 * Parses the data of a message of `calendar-clock`: a moment of an event. The message is published up to 90 s before the moment.
 *
 * @param data of the message, as bytes or as text
 * @returns the moment, or why the data is not one
 *
 * @example
 * subscription.on('message', (message) => {
 *   const parsed = parseClockMessage(message.data);
 *   if (parsed.ok) console.log(parsed.message.moment, parsed.message.event['summary'], parsed.message.dueAt);
 *   message.ack();
 * });
 */
export function parseClockMessage(data: Data): ParsedClockMessage {
  const parsed = parse(data, clockMessageSchema, 'ClockMessage');
  return parsed.ok ? { ok: true, message: parsed.value } : parsed;
}

/**
 * Parses a message of `calendar-changes` by its `ce-type`.
 *
 * @param message its attributes, and its data as bytes or as text
 * @returns what the message says, or why its data does not match its type
 *
 * @example
 * subscription.on('message', (message) => {
 *   const parsed = parseMessage(message);
 *   if (!parsed.ok) console.error(parsed.problem);
 *   else if (parsed.about === 'item') console.log(parsed.change.change, parsed.change.itemId);
 *   else if (parsed.about === 'watch') console.log(parsed.watch.watchId, parsed.watch.state);
 *   message.ack();
 * });
 */
export function parseMessage(message: {
  readonly attributes: Readonly<Record<string, string>>;
  readonly data: Data;
}): ParsedMessage {
  const { attributes, data } = message;
  const type = attributes['ce-type'] ?? '';
  const [, subject = '', what] = type.split('.');
  if (subject === 'watch') {
    const parsed = parse(data, watchMessageSchema, 'WatchMessage');
    return parsed.ok
      ? { ok: true, about: 'watch', watch: parsed.value, isSynced: what === 'synced' }
      : parsed;
  }
  if (type === 'calendar.replay.ended') {
    const parsed = parseReplayEnded(data);
    return parsed.ok ? { ...parsed, about: 'replay' } : parsed;
  }
  if (!RESOURCES.some((resource) => resource === subject)) return { ok: true, about: 'other', type };
  const parsed = parseChange(data);
  return parsed.ok ? { ...parsed, about: 'item' } : parsed;
}
