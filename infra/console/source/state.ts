/** What the console knows: watches as they are now, and the latest changes. Publishes each difference to the pages. */
import { sentenceOf } from '../../../functions/feed/consumer.ts';
import type { Change } from '../../../functions/feed/change.ts';
import { collectionKey, type CollectionId } from '../../../functions/watches/watch-id.ts';
import { healthOf } from '../model/health.ts';
import type { ItemChange } from '../model/item.ts';
import type { About, Snapshot, StreamMessage } from '../model/stream.ts';
import { REMEMBERED_CHANGES, STAGES, type Hop, type TimelineEntry } from '../model/timeline.ts';
import type { SyncView } from '../model/watch-details.ts';
import type { WatchView } from '../model/watch-view.ts';
import { createDayCounts } from './day-counts.ts';
import { createTallies } from './tallies.ts';

/** Syncs that are kept of each watch. */
const SYNCS = 20;
/** Changes of one item that are shown. */
const HISTORY = 100;
/** Changes with which a page starts. */
const SHOWN = 500;

export interface StateOptions {
  readonly about: About;
  readonly publish: (message: StreamMessage) => void;
  /** Unix ms. */
  readonly now: () => number;
}

interface Kept {
  entry: TimelineEntry;
  readonly change: Change;
}

export type ConsoleState = ReturnType<typeof createState>;

/** Returns an empty state. */
export function createState({ about, publish, now }: StateOptions) {
  const watches = new Map<string, WatchView>();
  const byCollection = new Map<string, string>();
  const kept = new Map<string, Kept>();
  const syncs = new Map<string, readonly SyncView[]>();
  const tallies = createTallies();
  const dayCounts = createDayCounts();
  const lost = new Map<string, string>();
  let lastChangeAt: number | null = null;
  let said = '';

  const health = () => healthOf([...watches.values()], lastChangeAt, now(), [...lost.values()]);

  /** Publishes the health if it says something new; the time of the last change is in the changes themselves. */
  function judge(): void {
    const current = health();
    const text = JSON.stringify({ ...current, lastChangeAt: null });
    if (text === said) return;
    said = text;
    publish({ type: 'health', health: current });
  }

  return {
    /** Adds a change that arrived on the feed. Messages may arrive more than once. */
    change(change: Change, hops: readonly Hop[]): void {
      const id = `${change.watchId}/${String(change.sequence)}`;
      if (kept.has(id)) return;
      const { before: _before, after: _after, occurredAt: _at, omitted: _omitted, ...rest } = change;
      const at = now();
      const entry = { ...rest, id, at, sentence: sentenceOf(change), hops: inOrder(hops) };
      kept.set(id, { entry, change });
      if (kept.size > REMEMBERED_CHANGES) kept.delete(kept.keys().next().value ?? '');
      lastChangeAt = at;
      tallies.change(at, latencyOf(change, hops));
      dayCounts.add(change.watchId, at);
      publish({ type: 'change', entry });
    },

    /** Adds hops that became known after the change itself. */
    hops(id: string, hops: readonly Hop[]): void {
      const known = kept.get(id);
      if (known === undefined || hops.length === 0) return;
      known.entry = { ...known.entry, hops: inOrder([...known.entry.hops, ...hops]) };
      publish({ type: 'hops', id, hops: known.entry.hops });
    },

    /** Takes watches that were written or deleted. */
    watches(changed: readonly WatchView[], gone: readonly string[]): void {
      for (const view of changed) {
        watches.set(view.id, view);
        const { user, resource, calendarId } = view;
        if (user === null || resource === null) continue;
        byCollection.set(collectionKey({ user, resource, calendarId: calendarId ?? undefined }), view.id);
      }
      for (const id of gone) {
        watches.delete(id);
        syncs.delete(id);
      }
      publish({ type: 'watches', changed, gone });
      judge();
    },

    /** Adds a sync that a log line tells of. */
    synced(watchId: string, sync: SyncView): void {
      syncs.set(watchId, [sync, ...(syncs.get(watchId) ?? [])].slice(0, SYNCS));
    },

    /** Says that a source can no longer be read, and why; or without a reason, that it can be read again. */
    source(name: string, problem?: string): void {
      if (problem === undefined) lost.delete(name);
      else lost.set(name, `${name} can no longer be read (${problem}): what is shown may be old`);
      judge();
    },

    /** Judges the health again: checks become overdue, and channels expire, without any write. Old changes no longer count. */
    tick(): void {
      judge();
      if (dayCounts.expire(now())) publish({ type: 'counts', counts: dayCounts.all() });
    },

    /** Numbers by minute. */
    tallies,

    /** Returns a change with its items, if it is still known. */
    findChange: (id: string): Change | undefined => kept.get(id)?.change,
    /** Returns the changes of an item that are still known, the latest first. */
    historyOf: (watchId: string, itemId: string): readonly ItemChange[] =>
      [...kept.values()]
        .filter(({ entry }) => entry.watchId === watchId && entry.itemId === itemId)
        .slice(-HISTORY)
        .toReversed()
        .map(({ entry, change: { before, after } }) => ({ entry, before, after })),
    /** Returns the id of the watch that mirrors a collection. */
    watchOf: (collection: CollectionId): string | undefined => byCollection.get(collectionKey(collection)),
    /** The latest first. */
    syncsOf: (id: string): readonly SyncView[] => syncs.get(id) ?? [],
    findWatch: (id: string): WatchView | undefined => watches.get(id),
    watchViews: (): readonly WatchView[] => [...watches.values()],
    entries: (): readonly TimelineEntry[] => [...kept.values()].map(({ entry }) => entry),

    snapshot: (): Snapshot => ({
      type: 'snapshot',
      about,
      health: health(),
      watches: [...watches.values()],
      entries: [...kept.values()].slice(-SHOWN).map(({ entry }) => entry),
      counts: dayCounts.all(),
    }),
  };
}

/** Returns how long a change took from its edit to the feed; undefined if that is not known, or it belongs to a first sync. */
function latencyOf({ change }: Change, hops: readonly Hop[]): number | undefined {
  const [edit, feed] = [
    hops.find(({ stage }) => stage === 'edit'),
    hops.find(({ stage }) => stage === 'feed'),
  ];
  if (change === 'snapshot' || edit === undefined || feed === undefined) return undefined;
  return Math.max(0, feed.at - edit.at);
}

/** Returns the hops in the order of the stages, the first of each. */
function inOrder(hops: readonly Hop[]): readonly Hop[] {
  return STAGES.flatMap((stage) => hops.find((hop) => hop.stage === stage) ?? []);
}
