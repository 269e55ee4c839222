import type { JournalEntry } from '../emulator/journal/journal.ts';
import type { FeedMessage } from './feed.ts';
import type { FunctionName, LogEntry } from './function.ts';
import type { MirrorChange } from './mirror.ts';
import { padded, styled } from '../terminal/output.ts';
import { localTimeZone } from '../terminal/local-zone.ts';
import { clockText } from '../terminal/times.ts';

/** A step of a change on its way from Google Calendar to the feed. */
export interface Hop {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly hop: 'calendar' | 'mirror' | 'feed' | FunctionName;
  /** The watch; for an edit, which may affect several watches, the user who made it. */
  readonly of: string;
  readonly text: string;
  /** Duration of the step in ms; for `mirror` and `feed`, the time since the notification arrived. */
  readonly ms?: number | undefined;
}

const WRITES = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

/** Returns the hop of an edit or of a delivered notification; undefined for reads and for the calls of renew. */
export function hopOfJournal(entry: JournalEntry): Hop | undefined {
  const at = Date.now();
  if (entry.kind === 'notification') {
    const status = entry.status === undefined ? '' : ` (${entry.status})`;
    const text = `notification ${entry.state} #${entry.number} on channel ${short(entry.channelId)} ${entry.fate}${status}`;
    return { at, hop: 'calendar', of: entry.user, text, ms: entry.ms };
  }
  const isEdit = WRITES.has(entry.httpMethod) && !/\.(watch|stop|query)$/.test(entry.method);
  if (!isEdit) return undefined;
  const text = `${entry.method.replace('calendar.', '')} ${decodeURIComponent(entry.path).replace('/calendar/v3', '')} → ${entry.status}`;
  return { at, hop: 'calendar', of: entry.user ?? 'unknown user', text, ms: entry.ms };
}

/** Returns the hop of a log entry; undefined if it is not about a change. Warnings and errors are always returned. */
export function hopOfLog({ function: hop, severity, message, fields }: LogEntry): Hop | undefined {
  const text = textOf(message, fields);
  const isQuiet = severity === 'DEBUG' || severity === 'INFO';
  if (text === undefined && isQuiet) return undefined;
  const { watch, ms } = fields;
  return {
    at: Date.now(),
    hop,
    of: typeof watch === 'string' ? watch : '',
    text: text ?? `${severity.toLowerCase()}: ${message} ${withoutIds(fields)}`.trimEnd(),
    ms: typeof ms === 'number' ? ms : undefined,
  };
}

function textOf(message: string, fields: LogEntry['fields']): string | undefined {
  const of = (name: string): string => {
    const value = fields[name] ?? '?';
    return typeof value === 'string' ? value : JSON.stringify(value);
  };
  switch (message) {
    case 'notification published':
      return `${of('state')} #${of('number')} on channel ${short(of('channel'))} published`;
    case 'notifications rejected':
      return `${of('count')} × rejected: ${of('reason')}`;
    case 'synced':
      return `${of('kind')} sync (${of('reason')}): ${count(of('pages'), 'page')}, ${count(of('changes'), 'change')}, sequence ${of('sequence')}`;
    case 'notification skipped':
      return `nothing to do (${of('reason')})`;
    case 'channel created':
    case 'channel renewed':
    case 'channel stopped':
      return `${message}: ${short(of('channel'))}`;
    case 'poll published':
      return message;
    default:
      return undefined;
  }
}

/** From this number on, changes that arrive together, as in an initial sync, are one hop. */
const BULK = 4;

/** Returns a hop for each item, or one for all of them from {@link BULK} on. */
export function hopsOfMirror(of: string, changes: readonly MirrorChange[], ms?: number): Hop[] {
  const at = Date.now();
  if (changes.length >= BULK) return [{ at, hop: 'mirror', of, text: `${changes.length} items`, ms }];
  return changes.map(({ kind, item }) => {
    const text =
      kind === 'removed' ? `${item.path} removed` : `${item.path} ${kind}, sequence ${item.sequence}`;
    return { at, hop: 'mirror', of, text, ms };
  });
}

/** A message of the feed with its arrival time, and the time since the notification. */
export interface Arrival {
  readonly message: FeedMessage;
  readonly at: number;
  readonly ms?: number | undefined;
}

/** Returns a hop for each change of a watch, or one for all of them from {@link BULK} on. */
export function hopsOfFeed(of: string, arrivals: readonly Arrival[]): Hop[] {
  const last = arrivals.at(-1);
  if (last !== undefined && arrivals.length >= BULK) {
    const highest = Math.max(...arrivals.map(({ message }) => message.sequence));
    return [
      {
        at: last.at,
        ms: last.ms,
        hop: 'feed',
        of,
        text: `${arrivals.length} changes, up to ${of}/${highest}`,
      },
    ];
  }
  return arrivals.map(({ message: { sequence, change, itemId }, at, ms }) => {
    return { at, hop: 'feed', of, text: `${of}/${sequence} ${change} ${itemId}`, ms };
  });
}

const COLOURS = {
  calendar: 'blue',
  receive: 'cyan',
  sync: 'green',
  mirror: 'yellow',
  feed: 'magenta',
  renew: 'gray',
} as const;

/** Formats a hop as one line. */
export function formatHop({ at, hop, of, text, ms }: Hop, timeZone = localTimeZone()): string {
  const time = clockText(at, timeZone, 'millisecond');
  const duration = ms === undefined ? '' : styled('dim', `  ${Math.round(ms)} ms`);
  return `${styled('dim', time)}  ${styled(COLOURS[hop], padded(hop, 8))}  ${padded(of, 31)}  ${text}${duration}`;
}

function short(id: string): string {
  return id.length > 12 ? `${id.slice(0, 8)}…` : id;
}

function count(number: string, noun: string): string {
  return `${number} ${noun}${number === '1' ? '' : 's'}`;
}

function withoutIds({ watch: _watch, ms: _ms, ...rest }: LogEntry['fields']): string {
  return Object.keys(rest).length === 0 ? '' : JSON.stringify(rest);
}
