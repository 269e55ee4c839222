import type { JournalEntry } from './calendar/journal.ts';
import type { FeedMessage } from './feed.ts';
import type { FunctionName, LogEntry } from './function.ts';
import type { MirrorChange } from './mirror.ts';
import { styled } from '../../functions/cli/terminal.ts';

/** One step of a change on its way from Google Calendar to the feed. */
export interface Hop {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly hop: 'calendar' | 'mirror' | 'feed' | FunctionName;
  /** The watch; for an edit, which may concern several, the user who made it. */
  readonly of: string;
  readonly text: string;
  /** How long this step took; for `mirror` and `feed`, the time since the notification arrived. */
  readonly ms?: number | undefined;
}

const WRITES = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

/** An edit, or an attempt to deliver a notification. Reads, and what renew does, are no hop of a change. */
export function hopOfJournal(entry: JournalEntry): Hop | undefined {
  const at = Date.now();
  if (entry.kind === 'notification') {
    const answer = entry.status === undefined ? '' : ` (${entry.status})`;
    const text = `notification ${entry.state} #${entry.number} on channel ${short(entry.channelId)} ${entry.fate}${answer}`;
    return { at, hop: 'calendar', of: entry.user, text, ms: entry.ms };
  }
  const isEdit = WRITES.has(entry.httpMethod) && !/\.(watch|stop|query)$/.test(entry.method);
  if (!isEdit) return undefined;
  const text = `${entry.method.replace('calendar.', '')} ${decodeURIComponent(entry.path).replace('/calendar/v3', '')} → ${entry.status}`;
  return { at, hop: 'calendar', of: entry.user ?? 'nobody', text, ms: entry.ms };
}

/** What a function says it did; whatever else it logs is shown when it is a warning or worse. */
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
    case 'notification refused':
      return `notification refused: ${of('reason')}`;
    case 'synced':
      return `${of('kind')} sync (${of('reason')}): ${count(of('pages'), 'page')}, ${count(of('changes'), 'change')}, sequence ${of('sequence')}`;
    case 'notification needless':
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

/** What comes in bulk, as in an initial sync, is one hop and not many. */
const BULK = 4;

/** One hop for each item, or one for all of them where they came in bulk. */
export function hopsOfMirror(of: string, changes: readonly MirrorChange[], ms?: number): Hop[] {
  const at = Date.now();
  if (changes.length >= BULK) return [{ at, hop: 'mirror', of, text: `${changes.length} items`, ms }];
  return changes.map(({ kind, item }) => {
    const text =
      kind === 'removed' ? `${item.path} removed` : `${item.path} ${kind}, sequence ${item.sequence}`;
    return { at, hop: 'mirror', of, text, ms };
  });
}

/** A message of the feed, when it arrived, and how long after the notification. */
export interface Arrival {
  readonly message: FeedMessage;
  readonly at: number;
  readonly ms?: number | undefined;
}

/** One hop for each change of a watch, or one for all of them where they came in bulk. */
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

/** A hop as one line for people. */
export function formatHop({ at, hop, of, text, ms }: Hop): string {
  const time = new Date(at).toISOString().slice(11, 23);
  const took = ms === undefined ? '' : styled('dim', `  ${Math.round(ms)} ms`);
  return `${styled('dim', time)}  ${styled(COLOURS[hop], hop.padEnd(8))}  ${of.padEnd(31)}  ${text}${took}`;
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
