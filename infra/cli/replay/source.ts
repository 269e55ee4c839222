import type { Target } from '../../../functions/calendar/resources.ts';
import { claimPath } from '../../../functions/firestore/paths.ts';
import { baseOf } from '../../../functions/watches/epochs.ts';
import type { WatchSpec } from '../../../functions/watches/spec.ts';
import type { Watch } from '../../../functions/watches/watch.ts';
import { Failure } from '../failure.ts';
import type { Session } from '../session.ts';
import { mustFind } from '../wait.ts';
import type { StoredItem } from './scan.ts';

/** What a replay of a watch publishes, and whether it may. */

export interface Source {
  readonly id: string;
  readonly target: Target;
  /** The collection of its items; undefined if nothing of it is mirrored any more. */
  readonly collection: string | undefined;
  /** The watch's last sequence, read before its items. */
  readonly known: number;
  /** The last sequence before the watch's epoch. */
  readonly base: number;
}

/**
 * Returns the collection of a watch's items. A removed watch has released it, but its kept items are there until another watch claims
 * the collection and announces them anew.
 */
async function collectionOf(session: Session, watch: Watch, spec: WatchSpec): Promise<string | undefined> {
  if (watch.collection !== undefined) return watch.collection;
  const claim = await session.firestore.doc(claimPath(spec.collection)).get();
  return claim.get('watch') === watch.id ? spec.collection : undefined;
}

/**
 * Loads a watch to replay; undefined if nothing has been mirrored for it yet. A removed watch has a source, so that its consumers can drop
 * what is gone. @throws {Failure} if its spec is invalid or does not match what it mirrors
 */
export async function loadSource(session: Session, id: string): Promise<Source | undefined> {
  const { watch } = await mustFind(session, id);
  const { spec, sync, epoch } = watch;
  if (!spec.ok) throw new Failure(`${id} has an invalid spec (${spec.problem})`, 'fix its spec');
  const base = baseOf(epoch);
  if (watch.collection === undefined && (watch.state !== 'removed' || sync.sequence === base))
    return undefined;
  const collection = await collectionOf(session, watch, spec.value);
  if (collection !== undefined && collection !== spec.value.collection) {
    throw new Failure(
      `the spec of ${id} does not match the collection that it mirrors, ${collection}`,
      'fix its spec',
    );
  }
  return { id, target: spec.value.target, collection, known: sync.sequence, base };
}

/**
 * Returns a check of each page. A sequence above the watch's own is from an earlier watch: a consumer that has it would drop the
 * next changes of this one. The watch is loaded again when a page has a sequence above the last known one.
 */
export function sequenceCheck(
  session: Session,
  { id, known, base }: Source,
): (page: readonly StoredItem[]) => Promise<void> {
  let sequence = known;
  return async (page) => {
    const earlier = page.find((present) => present.sequence <= base);
    if (earlier !== undefined) {
      throw new Failure(
        `${earlier.itemId} has sequence ${String(earlier.sequence)}, from before the current epoch of ${id}`,
        `run calendar-mirror status ${id}, and replay once its first sync is complete`,
      );
    }
    if (page.every((present) => present.sequence <= sequence)) return;
    // Loaded after the page: the commit that wrote an item also wrote its sequence to the watch.
    ({ sequence } = (await mustFind(session, id)).watch.sync);
    const foreign = page.find((present) => present.sequence > sequence);
    if (foreign === undefined) return;
    throw new Failure(
      `${foreign.itemId} has sequence ${String(foreign.sequence)} of an earlier watch, and the last one of ${id} is ${String(sequence)}`,
      `run calendar-mirror unwatch ${id} --purge, then calendar-mirror watch`,
    );
  };
}
