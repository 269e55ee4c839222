import { Conflict } from '../../../functions/firestore/client.ts';
import type { Mirror } from '../../../functions/mirror/index.ts';
import type { Ask, Documents } from './documents.ts';
import type { Faults } from './faults.ts';
import { createChannels } from './mirror-channels.ts';
import { createCommit, type Committed } from './mirror-commit.ts';
import { createItems } from './mirror-items.ts';
import { createWatches } from './mirror-watches.ts';
import { Injected, type Call, type Instance, type ServiceProfile } from './processes.ts';
import type { Sabotage } from './scenario.ts';
import type { Subject } from './subject.ts';

/** A `Mirror` over documents in memory. It keeps the contract in `test/support/mirror-contract`, as Firestore's does. */

interface MemoryMirrorOptions {
  readonly documents: Documents;
  readonly ask: Ask;
  readonly sabotage?: Sabotage | undefined;
  /** Called after each commit. */
  readonly committed?: Committed;
}

const unsupported = (): Promise<never> => Promise.reject(new Error('no watch follows its list'));

/** Returns a mirror of some documents; `ask` decides when each operation happens, and whether it fails. */
export const createMemoryMirror = ({ documents, ask, ...options }: MemoryMirrorOptions): Mirror => ({
  ...createWatches(documents, ask, options.sabotage),
  ...createChannels(documents, ask),
  ...createCommit(documents, ask, options),
  ...createItems(documents, ask, options.sabotage),
  listCalendars: unsupported,
  listFollowed: unsupported,
  writeFollowed: unsupported,
  removeFollowed: unsupported,
  noteFollowing: unsupported,
});

export interface Store {
  readonly documents: Documents;
  readonly call: Call;
  readonly faults: Faults;
  readonly subjects: ReadonlyMap<string, Subject>;
  /** Stands in for a watch where a call concerns none. */
  readonly noSubject: Subject;
  readonly sabotage: Sabotage | undefined;
  readonly committed: Committed;
  /** Called when an instance reads the agenda of a collection. */
  readonly read: (instance: Instance, collection: string) => void;
}

function profileOf(faults: Faults): ServiceProfile {
  return {
    service: 'firestore',
    latency: [2, 30],
    timeoutMs: 20_000,
    unavailable: (subject) =>
      faults.strikes(subject, 'firestoreUnavailable') ? new Injected('Firestore is unavailable') : undefined,
    lost: (subject) =>
      faults.strikes(subject, 'firestoreAnswerLost') ? new Injected('no answer from Firestore') : undefined,
  };
}

/** Returns the mirror as `instance` uses it: its calls take time and may fail. */
export function createMirrorFor(store: Store, instance: Instance): Mirror {
  const { call, faults, subjects, noSubject } = store;
  const profile = profileOf(faults);
  // A commit that is retried after its answer was lost finds its own traces.
  const commitProfile: ServiceProfile = {
    ...profile,
    lost: (subject) => profile.lost(subject) && new Conflict('the first try was successful'),
  };
  const askWith =
    (behaviour: ServiceProfile) =>
    <T>(watchId: string, done: (subject: Subject) => T): Promise<T> => {
      const subject = subjects.get(watchId) ?? noSubject;
      return call(instance, subject, behaviour, () => done(subject));
    };
  const ask: Ask = {
    of: askWith(profile),
    commit: askWith(commitProfile),
    all: (done) => call(instance, noSubject, profile, done),
  };
  const mirror = createMemoryMirror({ ...store, ask });
  return {
    ...mirror,
    readAtOnce: (collection, work) => {
      store.read(instance, collection);
      return mirror.readAtOnce(collection, work);
    },
  };
}
