import type { Target } from '../calendar/resources.ts';
import type { Change } from '../feed/change.ts';
import type { ItemWrite } from '../mirror/commit.ts';
import { shrink, storedSize } from '../mirror/data.ts';
import { itemDocument, type EventFields } from '../mirror/items.ts';
import { LARGEST_ENTRY } from '../mirror/outbox.ts';
import type { Difference } from './changes.ts';

/** From differences to commits: numbers them, and cuts them into parts that one commit and one outbox entry can hold. */

export interface Part {
  readonly changes: readonly Change[];
  readonly writes: readonly ItemWrite[];
}

export interface Numbering {
  readonly watchId: string;
  readonly target: Target;
  /** The number of the last change before these. */
  readonly sequence: number;
  /** ISO 8601. */
  readonly occurredAt: string;
  readonly fieldsOf: (after: NonNullable<Difference['after']>['item']) => EventFields | undefined;
}

/** Bytes of documents in one commit, beside its outbox entry: Firestore takes requests of 10 MiB, its emulator of 4 MiB. */
const LARGEST_COMMIT = 3_000_000;

/** Beside the changes themselves an entry has brackets and commas; a change has its ids. */
const ROOM = 8_000;

const jsonSize = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

/**
 * Makes a change fit an outbox entry, and so a message, of `limit` bytes: without `before` first, then without its largest fields.
 */
export function fitChange(change: Change, limit: number = LARGEST_ENTRY - ROOM): Change {
  if (jsonSize(change) <= limit) return change;
  const leftOut = change.before === null ? [] : ['before'];
  const omitted = [...(change.omitted ?? []), ...leftOut];
  const { after } = change;
  if (after === null) return { ...change, before: null, omitted };
  const shrunk = shrink({ ...after, id: change.itemId }, limit - ROOM, jsonSize);
  const fitted = {
    ...change,
    before: null,
    after: shrunk.item,
    omitted: [...new Set([...omitted, ...shrunk.omitted])].toSorted(),
  };
  // Thousands of tiny fields: even their names are too much.
  return jsonSize(fitted) <= limit
    ? fitted
    : { ...fitted, after: { id: change.itemId }, omitted: [...leftOut, '*'] };
}

/** Numbers differences from `sequence + 1` on and yields them in parts. No differences are no part. */
export function* parts(
  differences: readonly Difference[],
  numbering: Numbering,
  limit: number = LARGEST_ENTRY,
): Generator<Part> {
  const { watchId, target, occurredAt, fieldsOf } = numbering;
  let { sequence } = numbering;
  let changes: Change[] = [];
  let writes: ItemWrite[] = [];
  let size = 0;
  let stored = 0;
  for (const { itemId, change: kind, before, after } of differences) {
    sequence += 1;
    const change = fitChange(
      {
        watchId,
        ...target,
        itemId,
        change: kind,
        sequence,
        before,
        after: after?.item ?? null,
        occurredAt,
        ...(after && after.omitted.length > 0 ? { omitted: [...after.omitted] } : {}),
      },
      limit - ROOM,
    );
    const bytes = jsonSize(change) + 1;
    // A document may be far larger than its change, which leaves out what an entry cannot hold.
    const documentBytes = after === null ? 0 : storedSize(after.item);
    if (size + bytes > limit || stored + documentBytes > LARGEST_COMMIT) {
      yield { changes, writes };
      [changes, writes, size, stored] = [[], [], 0, 0];
    }
    changes.push(change);
    writes.push({ itemId, document: after && itemDocument(after, sequence, fieldsOf(after.item)) });
    size += bytes;
    stored += documentBytes;
  }
  if (changes.length > 0) yield { changes, writes };
}
