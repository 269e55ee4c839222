import type { Timestamp } from '@google-cloud/firestore';

import { epochFor, isReasonGone } from '../../../functions/watches/claims.ts';
import { epochOf } from '../../../functions/watches/epochs.ts';
import type { Mirror } from '../../../functions/mirror/index.ts';
import { Conflict } from '../../../functions/firestore/client.ts';
import { timestamp } from '../../../functions/firestore/timestamps.ts';
import type { StateChange } from '../../../functions/watches/states.ts';
import { dueAfterCheck } from '../../../functions/watches/watches.ts';
import type { Ask, Documents, WatchDocument } from './documents.ts';
import type { Sabotage } from './scenario.ts';

/** Watches and claims of the in-memory mirror: what `functions/watches/watches.ts` and `claims.ts` do in transactions. */

type Watches = Pick<
  Mirror,
  | 'loadWatch'
  | 'dueWatches'
  | 'repairUndue'
  | 'applyReconcileResult'
  | 'noteDeadLetter'
  | 'postpone'
  | 'claim'
  | 'usedEpoch'
  | 'raiseEpoch'
>;

const sameTime = (one: Timestamp | undefined, other: Timestamp | undefined): boolean =>
  one !== undefined && other !== undefined && one.isEqual(other);

/** The epoch of a watch's numbers, where it has any. */
const numberedEpoch = (document: WatchDocument | undefined): number | undefined =>
  document !== undefined && document.sync.sequence > 0 ? epochOf(document.sync.sequence) : undefined;

export function createWatches(documents: Documents, ask: Ask, sabotage?: Sabotage): Watches {
  const { watches, claims, epochs, itemsOf, read, write, enter } = documents;
  return {
    loadWatch: (watchId) =>
      ask.of(watchId, () => {
        const document = watches.get(watchId);
        return document && read(document);
      }),

    dueWatches: (now, limit, after = Number.NEGATIVE_INFINITY) =>
      ask.all(() => {
        const found: WatchDocument[] = [];
        for (const document of watches.values()) {
          if (document.due <= now && document.due > after) found.push(document);
        }
        return found
          .toSorted((a, b) => a.due - b.due)
          .slice(0, limit)
          .map((document) => ({ ok: true, watch: read(document) }));
      }),

    repairUndue: () =>
      ask.all(() => {
        const undue = [...watches].filter(([, { nextDueAt }]) => nextDueAt === undefined);
        for (const [, document] of undue) write(document, { nextDueAt: timestamp(documents.now()) });
        return undue.map(([id]) => id);
      }),

    applyReconcileResult: (asRead, { from, to, watchCall, dropChannel, nextDueAt }) =>
      ask.of(asRead.id, () => {
        const document = watches.get(asRead.id);
        if (document === undefined) return false;
        const isAsRead = sameTime(document.nextDueAt, asRead.version.nextDueAt);
        const due =
          nextDueAt !== undefined && isAsRead ? dueAfterCheck(read(document), asRead, nextDueAt) : undefined;
        const changes: Partial<WatchDocument> = {
          ...(watchCall === undefined ? {} : { watchCall }),
          ...(dropChannel !== undefined && document.channel?.id === dropChannel
            ? { channel: undefined }
            : {}),
          ...(due === undefined ? {} : { nextDueAt: timestamp(due.nextDueAt), checkAt: due.checkAt }),
        };
        if (to && document.state === from) return enter(document, to, changes);
        if (Object.keys(changes).length > 0) write(document, changes);
        return false;
      }),

    usedEpoch: (watchId) =>
      ask.of(watchId, () => (sabotage === 'forgetEpochs' ? undefined : epochs.get(watchId))),

    raiseEpoch: ({ id, version }, epoch) =>
      ask.of(id, () => {
        const document = watches.get(id);
        if (document?.updateTime.isEqual(version.updateTime) !== true) {
          throw new Conflict('another write came first');
        }
        write(document, { epoch });
      }),

    // Every message in the simulation is valid.
    noteDeadLetter: (watchId) => Promise.reject(new Error(`a message for ${watchId} was rejected`)),

    // Every document in the simulation can be read.
    postpone: (watchId) => Promise.reject(new Error(`${watchId} can be read`)),

    claim: (watchId, watchSpec) =>
      ask.of(watchId, () => {
        const document = watches.get(watchId);
        if (document === undefined) return 'missing';
        const rest = (to: StateChange): void => {
          if (document.reason !== to.reason || document.state !== to.state) enter(document, to);
        };
        if (document.collection !== undefined && document.collection !== watchSpec.collection) {
          rest({ state: 'paused', reason: 'specChanged' });
          return 'specChanged';
        }
        const claim = claims.get(watchSpec.collection);
        const holder = claim?.watch;
        const other = holder === undefined || holder === watchId ? undefined : watches.get(holder);
        if (other?.collection === watchSpec.collection) {
          const state = watchSpec.removed === undefined ? 'paused' : 'removed';
          rest({ state, reason: 'collectionTaken' });
          return 'taken';
        }
        const wasKept = document.state === 'removed' && document.reason === 'kept';
        if (
          watchSpec.removed !== undefined &&
          document.collection === undefined &&
          holder !== watchId &&
          !wasKept
        ) {
          rest({ state: 'removed' });
          return 'nothingToRemove';
        }
        const { epoch: own, sync } = read(document);
        const highest = claim === undefined ? [...itemsOf(watchSpec.collection).values()] : [];
        const due = epochFor(
          { id: watchId, epoch: own, sequence: sync.sequence },
          {
            claimed: claim?.epoch,
            holder,
            used: holder === undefined ? undefined : (epochs.get(holder) ?? numberedEpoch(other)),
            highest: Math.max(0, ...highest.map(({ sequence }) => Number(sequence))),
          },
        );
        const epoch = sabotage === 'forgetEpochs' ? own : due;
        claims.set(watchSpec.collection, { watch: watchId, epoch });
        const changes = { collection: watchSpec.collection, epoch };
        if (isReasonGone(document.state, document.reason)) enter(document, { state: 'pending' }, changes);
        else write(document, changes);
        return 'claimed';
      }),
  };
}
