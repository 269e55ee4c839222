import { Timestamp } from '@google-cloud/firestore';

import type { Change } from '../../functions/feed/change.ts';
import type { Channel } from '../../functions/mirror/channels.ts';
import type { ItemWrite } from '../../functions/mirror/commit.ts';
import { parseSpec, type ParsedSpec } from '../../functions/mirror/spec.ts';
import {
  NEVER_SYNCED,
  type FailedWatchCall,
  type LiveChannel,
  type State,
  type SyncStatus,
  type Watch,
} from '../../functions/mirror/watch.ts';
import type { Subject } from './subject.ts';
import type { Timeline } from './timeline.ts';

/** The documents of an in-memory Firestore, as plain data. */

/** A `watches/{watchId}` document. */
export interface WatchDocument {
  readonly subject: Subject;
  spec: ParsedSpec;
  state: State;
  reason: string | undefined;
  collection: string | undefined;
  channel: LiveChannel | undefined;
  watchCall: FailedWatchCall | undefined;
  sync: SyncStatus;
  nextDueAt: Timestamp | undefined;
  /** `nextDueAt` in Unix ms: what queries go by. */
  due: number;
  updateTime: Timestamp;
  /** Outbox entries in the order of their ids. */
  readonly outbox: Map<string, readonly Change[]>;
  readonly seen: Map<string, { readonly traversal: string; readonly ids: readonly string[] }>;
}

export interface ChannelDocument extends Channel {
  readonly subject: Subject;
}

type Stored = NonNullable<ItemWrite['document']>;

export interface Documents {
  readonly watches: Map<string, WatchDocument>;
  readonly channels: Map<string, ChannelDocument>;
  /** Which watch has claimed a collection. */
  readonly claims: Map<string, string>;
  readonly items: Map<string, Map<string, Stored>>;
  /** Firestore's own clock, Unix ms. */
  readonly now: () => number;
  /** Changes a watch document, as any write does. */
  readonly write: (document: WatchDocument, changes: Partial<WatchDocument>) => void;
  readonly read: (document: WatchDocument) => Watch;
  /** The items of a collection, by id. */
  readonly itemsOf: (collection: string) => Map<string, Stored>;
  /** What a person does: writes the wish and has it looked at now. */
  readonly wish: (subject: Subject, spec: Readonly<Record<string, unknown>>) => void;
}

/** How the parts ask Firestore: about one watch, or about all of them. */
export interface Ask {
  readonly of: <T>(watchId: string, done: (subject: Subject) => T) => Promise<T>;
  readonly all: <T>(done: () => T) => Promise<T>;
}

/** `offset`: how far Firestore's clock is from true time, in ms. */
export function createDocuments(time: Timeline, offset: number): Documents {
  const now = (): number => time.now() + offset;
  let writes = 0;
  /** Later than any before: two writes in one millisecond differ too. */
  const updateTime = (): Timestamp => {
    writes += 1;
    const ms = now();
    return new Timestamp(Math.floor(ms / 1000), (ms % 1000) * 1_000_000 + (writes % 1000) * 1000);
  };
  const write: Documents['write'] = (document, changes) => {
    Object.assign(document, changes);
    document.updateTime = updateTime();
    if ('nextDueAt' in changes) document.due = changes.nextDueAt?.toMillis() ?? Infinity;
  };
  const watches = new Map<string, WatchDocument>();
  const items = new Map<string, Map<string, Stored>>();
  return {
    watches,
    channels: new Map(),
    claims: new Map(),
    items,
    now,
    write,
    read: ({ subject, spec, state, reason, collection, channel, watchCall, sync, nextDueAt, ...rest }) => ({
      id: subject.id,
      spec,
      state,
      reason,
      collection,
      channel,
      watchCall,
      sync,
      follow: undefined,
      followedBy: undefined,
      nextDueAt: nextDueAt?.toMillis(),
      readTime: now(),
      version: { updateTime: rest.updateTime, nextDueAt },
    }),
    itemsOf: (collection) => {
      const known = items.get(collection) ?? new Map<string, Stored>();
      items.set(collection, known);
      return known;
    },
    wish: (subject, spec) => {
      const changes = { spec: parseSpec(spec), nextDueAt: Timestamp.fromMillis(now()) };
      const known = watches.get(subject.id);
      if (known) {
        write(known, changes);
        return;
      }
      watches.set(subject.id, {
        ...changes,
        due: now(),
        subject,
        state: 'pending',
        reason: undefined,
        collection: undefined,
        channel: undefined,
        watchCall: undefined,
        sync: NEVER_SYNCED,
        updateTime: updateTime(),
        outbox: new Map(),
        seen: new Map(),
      });
    },
  };
}
