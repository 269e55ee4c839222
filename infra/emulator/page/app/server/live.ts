/** What the emulator reports as it happens: journal entries, the clock, and that something else has changed. */
import { signal } from '@preact/signals';
import { parseJson } from './api.ts';
import { append } from '../state/journal.ts';
import type { JournalEntry } from '../../../journal/journal.ts';
import type { Numbered } from '../state/journal.ts';

export const entries = signal<readonly Numbered[]>([]);
/** How far the emulator's clock is ahead of this machine's, in milliseconds; undefined until it is known. */
export const ahead = signal<number | undefined>(undefined);
export const connected = signal(false);

/** The emulator's time now. */
export const now = (): number => Date.now() + (ahead.value ?? 0);

export type Area = 'calendars' | 'channels' | 'faults';
const listeners = new Map<Area, Set<() => void>>();

/** Calls a listener after each change of an area. Returns a function that unsubscribes it. */
export function onChange(area: Area, listener: () => void): () => void {
  const set = listeners.get(area) ?? new Set();
  listeners.set(area, set.add(listener));
  return () => set.delete(listener);
}

function changed(...areas: readonly Area[]): void {
  for (const area of areas) for (const listener of listeners.get(area) ?? []) listener();
}

let queue: Numbered[] = [];
let last = '';

/** Entries come one by one; the page shows those of a moment at once. */
function enqueue(entry: Numbered): void {
  if (queue.push(entry) === 1) setTimeout(flush, 30);
}

function flush(): void {
  const added = queue;
  queue = [];
  if (added.length === 0) return;
  entries.value = append(entries.value, added);
  const wrote = added.some(({ entry }) => entry.kind === 'request' && entry.httpMethod !== 'GET');
  const sent = added.some(({ entry }) => entry.kind === 'notification');
  changed(
    'faults',
    ...(wrote ? (['calendars'] as const) : []),
    ...(wrote || sent ? (['channels'] as const) : []),
  );
}

/** Drops all entries: the emulator has started anew, or its journal was cleared. */
function restart(): void {
  queue = [];
  entries.value = [];
  changed('calendars', 'channels', 'faults');
}

/** Connects, and connects again with the last id that was seen, so that no entry is missed. */
export function connect(): void {
  const source = new EventSource(
    last === '' ? 'stream' : `stream?${new URLSearchParams({ after: last }).toString()}`,
  );
  const on = (type: string, handle: (event: MessageEvent<string>) => void): void =>
    source.addEventListener(type, (event: MessageEvent<string>) => {
      if (event.lastEventId !== '') last = event.lastEventId;
      handle(event);
    });
  source.addEventListener('open', () => {
    connected.value = true;
    // What changed before the connection, or while it was lost, is in no event.
    changed('calendars', 'channels', 'faults');
  });
  source.addEventListener('error', () => {
    connected.value = false;
    // The browser tries again by itself, but not after an answer that is an error.
    if (source.readyState === EventSource.CLOSED) setTimeout(connect, 1_000);
  });
  on('entry', ({ data, lastEventId }) => enqueue({ id: lastEventId, entry: parseJson<JournalEntry>(data) }));
  on('restart', restart);
  on('clock', ({ data }) => {
    ahead.value = parseJson<{ ahead: number }>(data).ahead;
  });
  on('change', () => changed('calendars', 'channels', 'faults'));
}
