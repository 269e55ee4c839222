/** What the server says, as signals. A lost connection resumes where it was. */
import { signal } from '@preact/signals';
import type { About, Snapshot, StreamMessage } from '../../../model/stream.ts';
import { REMEMBERED_CHANGES, type TimelineEntry } from '../../../model/timeline.ts';
import type { Health, WatchView } from '../../../model/watch-view.ts';
import { has } from '../parts/api.ts';

/** Messages are gathered for this long, so that a burst is drawn once. */
const FRAME_MS = 50;

export const about = signal<About | undefined>(undefined);
export const health = signal<Health | undefined>(undefined);
export const watches = signal<ReadonlyMap<string, WatchView>>(new Map());
/** Oldest first. */
export const entries = signal<readonly TimelineEntry[]>([]);
/** Changes of each watch in the last 24 hours, counted since the console was started. */
export const dayCounts = signal<ReadonlyMap<string, number>>(new Map());
/** `ended`: another console answers at this address. */
export const connection = signal<'connecting' | 'live' | 'lost' | 'ended'>('connecting');

let waiting: (Snapshot | StreamMessage)[] = [];
let timer: ReturnType<typeof setTimeout> | undefined;

/** Opens the stream. The browser opens it again when it is lost, with the position of the last message. */
export function connect(): void {
  const source = new EventSource('/api/stream');
  source.addEventListener('open', () => {
    connection.value = 'live';
  });
  source.addEventListener('error', () => {
    // The browser tries again by itself, unless it was answered without a stream: the token is that of another start.
    connection.value = source.readyState === EventSource.CLOSED ? 'ended' : 'lost';
  });
  source.addEventListener('message', ({ data }: MessageEvent<string>) => {
    const message: unknown = JSON.parse(data);
    if (isMessage(message)) waiting.push(message);
    timer ??= setTimeout(apply, FRAME_MS);
  });
}

const isMessage = has<Snapshot | StreamMessage>('type');

/** Applies what has arrived, in order. */
function apply(): void {
  timer = undefined;
  const messages = waiting;
  waiting = [];
  let list = entries.value;
  const added: TimelineEntry[] = [];
  const hops = new Map<string, TimelineEntry['hops']>();
  // Copied once: thousands of watches, of which some change many times a second.
  let views: Map<string, WatchView> | undefined;
  let counts: Map<string, number> | undefined;
  for (const message of messages) {
    switch (message.type) {
      case 'snapshot':
        about.value = message.about;
        health.value = message.health;
        views = new Map(message.watches.map((view) => [view.id, view]));
        list = message.entries;
        added.length = 0;
        counts = new Map(Object.entries(message.counts));
        break;
      case 'change': {
        const { watchId } = message.entry;
        added.push(message.entry);
        counts ??= new Map(dayCounts.value);
        counts.set(watchId, (counts.get(watchId) ?? 0) + 1);
        break;
      }
      case 'counts':
        counts = new Map(Object.entries(message.counts));
        break;
      case 'hops':
        hops.set(message.id, message.hops);
        break;
      case 'watches':
        views ??= new Map(watches.value);
        for (const view of message.changed) views.set(view.id, view);
        for (const id of message.gone) views.delete(id);
        break;
      case 'health':
        health.value = message.health;
        break;
    }
  }
  if (views !== undefined) watches.value = views;
  if (counts !== undefined) dayCounts.value = counts;
  if (added.length > 0) list = [...list, ...added].slice(-REMEMBERED_CHANGES);
  if (hops.size > 0) list = list.map((entry) => withHops(entry, hops.get(entry.id)));
  entries.value = list;
}

const withHops = (entry: TimelineEntry, hops: TimelineEntry['hops'] | undefined): TimelineEntry =>
  hops === undefined ? entry : { ...entry, hops };
