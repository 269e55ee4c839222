/** What the page makes of the journal's entries. */
import type { Tone } from './tone.ts';
import type { Fate, JournalEntry, NotificationEntry } from '../../../journal/journal.ts';

/** An entry with its place in the stream, which no two entries share. */
export interface Numbered {
  readonly id: string;
  readonly entry: JournalEntry;
}

/** The most entries that a page keeps; the emulator keeps more. */
export const KEPT = 5_000;

/** Returns the entries with the new ones, the latest `KEPT` of them. */
export function append(entries: readonly Numbered[], added: readonly Numbered[]): readonly Numbered[] {
  return [...entries, ...added].slice(-KEPT);
}

/** What a list of entries is narrowed to. An empty text matches everything. */
export interface JournalFilter {
  readonly kind: string;
  /** A part of the method's id, of the channel's id, or of what happened to a notification. */
  readonly method: string;
  readonly user: string;
  /** A status such as `403`, or a class of them: `4xx`. */
  readonly status: string;
}

/** Reads the filter from the query of the page's address. */
export function filterOf(query: Readonly<Record<string, string>>): JournalFilter {
  const { kind = '', method = '', user = '', status = '' } = query;
  return { kind, method, user, status };
}

/** Returns whether an entry matches a filter. */
export function matchesFilter(entry: JournalEntry, { kind, method, user, status }: JournalFilter): boolean {
  return (
    (kind === '' || entry.kind === kind) &&
    (method === '' || subjectsOf(entry).some((text) => text.toLowerCase().includes(method.toLowerCase()))) &&
    (user === '' || entry.user === user) &&
    (status === '' || matchesStatus(entry.status, status))
  );
}

/** Includes the id of a request, so that it is found together with the notifications that it caused. */
function subjectsOf(entry: JournalEntry): readonly string[] {
  return entry.kind === 'request'
    ? [entry.method, entry.path, entry.reason ?? '', entry.id]
    : [entry.channelId, entry.resource, entry.fate, entry.state, entry.cause ?? ''];
}

function matchesStatus(status: number | undefined, wanted: string): boolean {
  const text = String(status ?? '');
  return /^[1-5]xx$/i.test(wanted) ? text.length === 3 && text[0] === wanted[0] : text === wanted;
}

/** Returns the tone of an HTTP status; 0 is a dropped connection. */
export function statusTone(status: number): Tone {
  if (status >= 200 && status < 300) return 'good';
  if (status === 304) return 'calm';
  return status >= 400 && status < 500 ? 'warn' : 'bad';
}

const FATES: Readonly<Record<Fate, Tone>> = {
  delivered: 'good',
  retrying: 'warn',
  held: 'calm',
  dropped: 'warn',
  failed: 'bad',
  gaveUp: 'bad',
  expired: 'calm',
  killed: 'warn',
};

/** Returns the tone of what happened to a notification. */
export function fateTone(fate: Fate): Tone {
  return FATES[fate];
}

/** A notification with all its attempts, oldest first. */
export interface Delivery {
  readonly number: number;
  readonly state: string;
  readonly attempts: readonly NotificationEntry[];
}

/** Returns what was sent on a channel, the latest notification first. */
export function deliveriesOf(entries: readonly Numbered[], channelId: string): readonly Delivery[] {
  const byNumber = new Map<number, NotificationEntry[]>();
  for (const { entry } of entries) {
    if (entry.kind !== 'notification' || entry.channelId !== channelId) continue;
    const attempts = byNumber.get(entry.number) ?? [];
    byNumber.set(entry.number, [...attempts, entry]);
  }
  return [...byNumber.values()]
    .flatMap((attempts) => {
      const [first] = attempts;
      return first ? [{ number: first.number, state: first.state, attempts }] : [];
    })
    .toSorted((a, b) => (b.attempts[0]?.time ?? 0) - (a.attempts[0]?.time ?? 0) || b.number - a.number);
}
