import { Timestamp } from '@google-cloud/firestore';

import { outboxEntry, type OutboxEntry } from '../../../functions/mirror/outbox.ts';
import { announce } from '../../../functions/watches/announce.ts';
import type { Channel } from '../../../functions/watches/channels.ts';
import type { ItemWrite } from '../../../functions/mirror/commit.ts';
import { clockAt, type ClockStatus } from '../../../functions/watches/clock-status.ts';
import { epochOf } from '../../../functions/watches/epochs.ts';
import { parseSpec, type ParsedSpec } from '../../../functions/watches/spec.ts';
import type { State, StateChange } from '../../../functions/watches/states.ts';
import type { FailedWatchCall, LiveChannel, SyncStatus } from '../../../functions/watches/status.ts';
import { inEpoch, NEVER_SYNCED, type Watch } from '../../../functions/watches/watch.ts';
import type { Sabotage } from './scenario.ts';
import type { Subject } from './subject.ts';
import type { Timeline } from './timeline.ts';

/** The documents of the in-memory mirror, as plain data. */

/** A document `watches/{watchId}`. */
export interface WatchDocument {
  readonly subject: Subject;
  /** The spec as users wrote it. */
  raw: Readonly<Record<string, unknown>>;
  spec: ParsedSpec;
  state: State;
  reason: string | undefined;
  collection: string | undefined;
  epoch: number;
  channel: LiveChannel | undefined;
  watchCall: FailedWatchCall | undefined;
  latestMessage: string | undefined;
  checkAt: number | undefined;
  clock: ClockStatus | undefined;
  sync: SyncStatus;
  nextDueAt: Timestamp | undefined;
  /** `nextDueAt` in Unix ms, by which queries filter. */
  due: number;
  updateTime: Timestamp;
}

/** The collections below a watch document, which remain when the document is deleted. */
interface Below {
  /** Outbox entries by id. */
  readonly outbox: Map<string, OutboxEntry>;
  readonly seen: Map<string, { readonly traversal: string; readonly ids: readonly string[] }>;
}

export interface ChannelDocument extends Channel {
  readonly subject: Subject;
}

export type Stored = NonNullable<ItemWrite['document']>;

/** Is told of each write of a watch, and of an item; `now` is true time. */
interface Observer {
  readonly watch: (watchId: string, document: WatchDocument | undefined, now: number) => void;
  readonly item: (collection: string, itemId: string, document: Stored | null, now: number) => void;
}

export interface Documents {
  readonly watches: Map<string, WatchDocument>;
  readonly channels: Map<string, ChannelDocument>;
  /** By collection: the watch that has claimed it, and the epoch. */
  readonly claims: Map<string, { readonly watch: string; readonly epoch: number }>;
  /** By watch: the latest epoch in which it has numbered a change. */
  readonly epochs: Map<string, number>;
  readonly items: Map<string, Map<string, Stored>>;
  /** Firestore's clock, Unix ms. */
  readonly now: () => number;
  /** Updates a watch document and its update time. */
  readonly write: (document: WatchDocument, changes: Partial<WatchDocument>) => void;
  /** Writes a new state with the message about it, and other fields; returns whether there is a message. */
  readonly enter: (document: WatchDocument, to: StateChange, changes?: Partial<WatchDocument>) => boolean;
  /** Notes what must be announced about a watch: a change of its state, or the number of items at the end of a full sync. */
  readonly owe: (watchId: string, what: string) => void;
  /** Returns all of that, in order. */
  readonly owed: (watchId: string) => readonly string[];
  readonly read: (document: WatchDocument) => Watch;
  /** Returns the items of a collection, by id. */
  readonly itemsOf: (collection: string) => ReadonlyMap<string, Stored>;
  /** Writes an item's document, or deletes it. */
  readonly writeItem: (collection: string, itemId: string, document: Stored | null) => void;
  readonly below: (watchId: string) => Below;
  /** Returns the ids of watches that do not exist but have an outbox or seen pages. */
  readonly deletedWithRemains: () => readonly string[];
  /** Writes a spec, due now, as users do; without `merge`, the rest of the document is lost. */
  readonly writeSpec: (subject: Subject, spec: Readonly<Record<string, unknown>>, merge?: boolean) => void;
  /** Deletes a watch document, as users do. */
  readonly remove: (subject: Subject) => void;
}

/** Performs an operation of the mirror. Implementations decide when it happens, and whether it fails. */
export interface Ask {
  readonly of: <T>(watchId: string, done: (subject: Subject) => T) => Promise<T>;
  /** As `of`, for a commit. */
  readonly commit: <T>(watchId: string, done: (subject: Subject) => T) => Promise<T>;
  readonly all: <T>(done: () => T) => Promise<T>;
}

/** By how much the sabotage `waitLonger` stretches the waits of a failing watch. */
const TOO_LONG = 10;
/** By how much the sabotage `lateClock` delays renew's runs for a clock, in ms. */
const LATER = 100_000;

const NO_OBSERVER: Observer = { watch: () => {}, item: () => {} };

/** @param offset How far Firestore's clock is from true time, in ms. */
export function createDocuments(
  time: Pick<Timeline, 'now'>,
  offset: number,
  sabotage?: Sabotage,
  observer = NO_OBSERVER,
): Documents {
  const now = (): number => time.now() + offset;
  let writes = 0;
  /** Returns a time later than that of every write before, also within a millisecond. */
  const updateTime = (): Timestamp => {
    writes += 1;
    const ms = now();
    return new Timestamp(Math.floor(ms / 1000), (ms % 1000) * 1_000_000 + (writes % 1000) * 1000);
  };
  const dueOf = ({ nextDueAt, sync, watchCall, clock }: WatchDocument): number => {
    const due = nextDueAt?.toMillis() ?? Infinity;
    const troubled = sync.failures > 0 || watchCall !== undefined;
    if (sabotage === 'lateClock' && clock !== undefined && due === clockAt(clock)) return due + LATER;
    return sabotage === 'waitLonger' && troubled ? now() + TOO_LONG * (due - now()) : due;
  };
  const owed = new Map<string, string[]>();
  const owe: Documents['owe'] = (watchId, what) => {
    owed.set(watchId, [...(owed.get(watchId) ?? []), what]);
  };
  const write: Documents['write'] = (document, changes) => {
    const { state } = changes;
    if (state !== undefined && state !== document.state) owe(document.subject.id, state);
    Object.assign(document, changes);
    document.updateTime = updateTime();
    if ('nextDueAt' in changes) document.due = dueOf(document);
    observer.watch(document.subject.id, document, time.now());
  };
  const read: Documents['read'] = ({ subject, spec, state, reason, collection, channel, ...others }) => {
    const { watchCall, nextDueAt, latestMessage, checkAt, clock, ...rest } = others;
    const sync = inEpoch(rest.sync, rest.epoch);
    return {
      id: subject.id,
      spec,
      state,
      reason,
      collection,
      epoch: epochOf(sync.sequence),
      channel,
      watchCall,
      latestMessage,
      checkAt,
      clock,
      sync,
      follow: undefined,
      followedBy: undefined,
      nextDueAt: nextDueAt?.toMillis(),
      readTime: now(),
      version: { updateTime: rest.updateTime, nextDueAt },
    };
  };
  const belowOf: Documents['below'] = (watchId) => {
    const known = below.get(watchId) ?? { outbox: new Map(), seen: new Map() };
    below.set(watchId, known);
    return known;
  };
  const watches = new Map<string, WatchDocument>();
  const items = new Map<string, Map<string, Stored>>();
  const itemsOf = (collection: string): Map<string, Stored> => {
    const known = items.get(collection) ?? new Map<string, Stored>();
    items.set(collection, known);
    return known;
  };
  const below = new Map<string, Below>();
  return {
    watches,
    channels: new Map(),
    claims: new Map(),
    epochs: new Map(),
    items,
    now,
    write,
    read,
    owe,
    owed: (watchId) => owed.get(watchId) ?? [],
    enter: (document, to, changes = {}) => {
      const watch = read(document);
      const { version, sync, readTime: at } = watch;
      const { messages, latestMessage } = announce(watch, { version, to, sequence: sync.sequence, at });
      const entry = sabotage === 'forgetStates' ? undefined : outboxEntry([], messages);
      if (entry) belowOf(watch.id).outbox.set(entry.id, entry);
      const { state, reason } = to;
      write(document, {
        ...changes,
        state,
        reason,
        ...(latestMessage === undefined ? {} : { latestMessage }),
      });
      return latestMessage !== undefined;
    },
    itemsOf,
    below: belowOf,
    deletedWithRemains: () =>
      [...below].flatMap(([id, { outbox, seen }]) =>
        !watches.has(id) && outbox.size + seen.size > 0 ? [id] : [],
      ),
    remove: (subject) => {
      watches.delete(subject.id);
      observer.watch(subject.id, undefined, time.now());
    },
    writeItem: (collection, itemId, document) => {
      const all = itemsOf(collection);
      if (document === null) all.delete(itemId);
      else all.set(itemId, document);
      observer.item(collection, itemId, document, time.now());
    },
    writeSpec: (subject, spec, merge = true) => {
      const changes = { raw: spec, spec: parseSpec(spec), nextDueAt: Timestamp.fromMillis(now()) };
      const known = watches.get(subject.id);
      if (known && merge) {
        write(known, changes);
        return;
      }
      const created: WatchDocument = {
        ...changes,
        due: now(),
        subject,
        state: 'pending',
        reason: undefined,
        collection: undefined,
        epoch: 0,
        channel: undefined,
        watchCall: undefined,
        latestMessage: undefined,
        checkAt: undefined,
        clock: undefined,
        sync: NEVER_SYNCED,
        updateTime: updateTime(),
      };
      watches.set(subject.id, created);
      observer.watch(subject.id, created, time.now());
    },
  };
}
