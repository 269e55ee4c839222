import type { Mirror } from '../../functions/mirror/index.ts';
import { AlreadyThere, Conflict } from '../../functions/mirror/database.ts';
import { decodeData } from '../../functions/mirror/data.ts';
import { outboxEntry } from '../../functions/mirror/outbox.ts';
import type { Item } from '../../functions/calendar/resources.ts';
import type { MirroredItem } from '../../functions/mirror/items.ts';
import { nextDueOf, type Step } from '../../functions/mirror/commit.ts';
import type { Ask, Documents, WatchDocument } from './documents.ts';
import type { Faults } from './faults.ts';
import { createChannels } from './mirror-channels.ts';
import { createWatches } from './mirror-watches.ts';
import { Injected, type Call, type Instance, type Manners } from './processes.ts';
import type { Sabotage } from './scenario.ts';
import type { Subject } from './subject.ts';

/** A `Mirror` over documents in memory, as one instance of a function sees it. */

export interface Store {
  readonly documents: Documents;
  readonly call: Call;
  readonly faults: Faults;
  readonly subjects: ReadonlyMap<string, Subject>;
  /** Whom faults strike that concern no watch. */
  readonly nobody: Subject;
  readonly sabotage: Sabotage | undefined;
  readonly committed: (subject: Subject, step: Step) => void;
}

function mannersOf(faults: Faults): Manners {
  return {
    service: 'firestore',
    latency: [2, 30],
    patience: 20_000,
    unavailable: (subject) =>
      faults.strikes(subject, 'firestoreUnavailable') ? new Injected('Firestore is unavailable') : undefined,
    lost: (subject) =>
      faults.strikes(subject, 'firestoreAnswerLost') ? new Injected('no answer from Firestore') : undefined,
  };
}

const isData = (value: unknown): value is Item => typeof value === 'object' && value !== null;

function mirroredItem(document: Readonly<Record<string, unknown>>, id: string): MirroredItem {
  const { data, etag } = document;
  if (!isData(data)) throw new Error(`the document of ${id} has no data`);
  return { item: decodeData(data, id), etag: typeof etag === 'string' ? etag : null, omitted: [] };
}

function applyStep({ documents, sabotage }: Store, document: WatchDocument, step: Step) {
  const { version, sync, transition, collection, writes = [], unseen, changes = [], seen } = step;
  if (sabotage !== 'ignoreVersion' && !document.updateTime.isEqual(version.updateTime)) {
    throw new Conflict('another write came first');
  }
  const entry = changes.length > 0 ? outboxEntry(changes) : undefined;
  if (sabotage !== 'ignoreVersion' && entry && document.outbox.has(entry.id)) {
    throw new Conflict('the outbox entry exists');
  }
  const items = collection === undefined ? undefined : documents.itemsOf(collection);
  if (unseen === true && writes.some(({ itemId }) => items?.has(itemId))) {
    throw new AlreadyThere('an item is there already');
  }
  const removed = transition?.state === 'removed';
  const nextDueAt = nextDueOf(step) ?? version.nextDueAt;
  documents.write(document, {
    sync,
    ...(transition ? { state: transition.state, reason: transition.reason } : {}),
    ...(removed ? { collection: undefined } : {}),
    ...(nextDueAt === version.nextDueAt ? {} : { nextDueAt }),
  });
  if (collection !== undefined && items !== undefined) {
    for (const { itemId, document: item } of writes) {
      if (item === null) items.delete(itemId);
      else items.set(itemId, item);
    }
    if (removed) documents.claims.delete(collection);
  }
  if (entry) document.outbox.set(entry.id, changes);
  if (seen) document.seen.set(`${seen.traversal}-${String(seen.page)}`, seen);
  return { version: { updateTime: document.updateTime, nextDueAt }, outboxId: entry?.id };
}

const unfollowed = (): Promise<never> => Promise.reject(new Error('no watch follows its list'));

/** The mirror as `instance` uses it. */
export function createMirrorFor(store: Store, instance: Instance): Mirror {
  const { documents, call, faults, subjects, nobody } = store;
  const { watches, itemsOf } = documents;
  const manners = mannersOf(faults);
  // A commit that is made again after its answer was lost finds its own traces.
  const commitManners: Manners = {
    ...manners,
    lost: (subject) => manners.lost(subject) && new Conflict('the first try was successful'),
  };
  const subjectOf = (watchId: string): Subject => subjects.get(watchId) ?? nobody;
  const ask: Ask = {
    of: (watchId, done) => {
      const subject = subjectOf(watchId);
      return call(instance, subject, manners, () => done(subject));
    },
    all: (done) => call(instance, nobody, manners, done),
  };
  /** Collections belong to one watch each. */
  const ofCollection = <T>(collection: string, done: () => T): Promise<T> =>
    ask.of(documents.claims.get(collection) ?? '', done);

  return {
    ...createWatches(documents, ask),
    ...createChannels(documents, ask),

    commit: (step) => {
      const subject = subjectOf(step.watchId);
      return call(instance, subject, commitManners, () => {
        const document = watches.get(step.watchId);
        if (document === undefined) throw new Conflict('the watch is gone');
        const committed = applyStep(store, document, step);
        store.committed(subject, step);
        return committed;
      });
    },

    // No list is followed here.
    listCalendars: unfollowed,
    followedBy: unfollowed,
    writeFollowed: unfollowed,
    removeFollowed: unfollowed,
    noteFollowing: unfollowed,

    readItems: (collection, ids) =>
      ids.length === 0
        ? Promise.resolve(new Map<string, MirroredItem>())
        : ofCollection(collection, () => {
            const items = itemsOf(collection);
            const found = new Map<string, MirroredItem>();
            for (const id of ids) {
              const document = items.get(id);
              if (document) found.set(id, mirroredItem(document, id));
            }
            return found;
          }),

    exceptionsOf: (collection, parentId) =>
      ofCollection(collection, () => {
        const found = new Map<string, MirroredItem>();
        for (const [id, document] of itemsOf(collection)) {
          if (document['recurringEventId'] === parentId) found.set(id, mirroredItem(document, id));
        }
        return found;
      }),

    isEmpty: (collection) => ofCollection(collection, () => itemsOf(collection).size === 0),

    listIds: (collection, after, limit) =>
      ofCollection(collection, () =>
        [...itemsOf(collection).keys()]
          .toSorted()
          .filter((id) => after === undefined || id > after)
          .slice(0, limit),
      ),

    readOutbox: (watchId, limit) =>
      ask.of(watchId, () => {
        const { outbox } = watches.get(watchId) ?? {};
        if (outbox === undefined || outbox.size === 0) return [];
        return [...outbox]
          .toSorted(([a], [b]) => (a < b ? -1 : 1))
          .slice(0, limit)
          .map(([id, changes]) => ({ id, changes }));
      }),

    deleteOutboxEntry: (watchId, id) => ask.of(watchId, () => void watches.get(watchId)?.outbox.delete(id)),

    readSeen: (watchId, traversal) =>
      ask.of(watchId, () => {
        const pages = [...(watches.get(watchId)?.seen.values() ?? [])].filter(
          (page) => page.traversal === traversal,
        );
        return { ids: new Set(pages.flatMap(({ ids }) => ids)), pages: pages.length };
      }),

    deleteSeen: (watchId) => ask.of(watchId, () => watches.get(watchId)?.seen.clear()),
  };
}
