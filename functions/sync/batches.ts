import type { Target } from '../calendar/resources.ts';
import type { Change } from '../feed/change.ts';
import type { ItemWrite } from '../mirror/commit.ts';
import { shrink, storedSize } from '../mirror/data.ts';
import { itemDocument, itemRewrite } from '../mirror/items.ts';
import { LARGEST_ENTRY } from '../mirror/outbox.ts';
import type { Difference } from './changes.ts';
import type { FieldsOf } from './event-fields.ts';

/** Numbers differences, and cuts them into batches that fit one commit and one outbox entry. */

export interface CommitBatch {
  /** One for each difference that is announced. */
  readonly changes: readonly Change[];
  /** One for each difference. */
  readonly writes: readonly ItemWrite[];
}

export interface BatchOptions {
  readonly watchId: string;
  readonly target: Target;
  /** The number of the last change before these. */
  readonly sequence: number;
  /** ISO 8601. */
  readonly occurredAt: string;
  readonly fieldsOf: FieldsOf;
}

/**
 * Bytes of documents per commit, besides the outbox entry. Firestore limits a request to 10 MiB, its emulator to 4 MiB.
 * @see https://firebase.google.com/docs/firestore/quotas#writes_and_transactions
 */
const MAX_COMMIT_BYTES = 3_000_000;

/** Bytes reserved for what is not an item: ids and fields of a change, brackets and commas of an entry. */
const OVERHEAD = 8_000;

/** Bytes of an entry without changes; each change adds itself and one more byte, a comma or the closing bracket. */
const EMPTY_ENTRY_BYTES = 1;

const jsonSize = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

/**
 * Makes a change fit into `limit` bytes of an outbox entry, and so of a message: first without `before`, then without
 * its largest fields.
 */
export function fitChange(change: Change, limit: number = LARGEST_ENTRY - OVERHEAD): Change {
  if (jsonSize(change) <= limit) return change;
  const leftOut = change.before === null ? [] : ['before'];
  const omitted = [...(change.omitted ?? []), ...leftOut];
  const { after } = change;
  if (after === null) return { ...change, before: null, omitted };
  const shrunk = shrink({ ...after, id: change.itemId }, limit - OVERHEAD, jsonSize);
  const fitted = {
    ...change,
    before: null,
    after: shrunk.item,
    omitted: [...new Set([...omitted, ...shrunk.omitted])].toSorted(),
  };
  // With thousands of tiny fields, even the list of their names is too large.
  return jsonSize(fitted) <= limit
    ? fitted
    : { ...fitted, after: { id: change.itemId }, omitted: [...leftOut, '*'] };
}

/** Returns the change that announces a difference, or undefined if it is not announced. */
function changeOf(
  { itemId, change, kinds, before, after }: Difference,
  { watchId, target, sequence, occurredAt }: BatchOptions,
  limit: number,
): Change | undefined {
  if (change === 'none') return undefined;
  const omitted = after && after.omitted.length > 0 ? { omitted: [...after.omitted] } : {};
  const whole = {
    watchId,
    ...target,
    itemId,
    change,
    kinds: [...kinds],
    sequence,
    before,
    after: after?.item ?? null,
  };
  return fitChange({ ...whole, occurredAt, ...omitted }, limit - OVERHEAD);
}

function writeOf({ itemId, change, after }: Difference, { sequence, fieldsOf }: BatchOptions): ItemWrite {
  if (after === null) return { itemId, document: null };
  const fields = fieldsOf(after.item);
  return change === 'none'
    ? { itemId, document: itemRewrite(after, fields), partial: true }
    : { itemId, document: itemDocument(after, sequence, fields) };
}

/** Numbers differences from `options.sequence + 1` on, and yields them in batches; none if there are no differences. */
export function* batches(
  differences: readonly Difference[],
  options: BatchOptions,
  limit: number = LARGEST_ENTRY,
): Generator<CommitBatch> {
  let { sequence } = options;
  let changes: Change[] = [];
  let writes: ItemWrite[] = [];
  let entryBytes = EMPTY_ENTRY_BYTES;
  let documentBytes = 0;
  for (const difference of differences) {
    const next = { ...options, sequence: sequence + 1 };
    const change = changeOf(difference, next, limit);
    const changeSize = change === undefined ? 0 : jsonSize(change) + 1;
    // A document may be much larger than its change, which was shortened to fit the entry.
    const documentSize = difference.after === null ? 0 : storedSize(difference.after.item);
    if (entryBytes + changeSize > limit || documentBytes + documentSize > MAX_COMMIT_BYTES) {
      yield { changes, writes };
      [changes, writes, entryBytes, documentBytes] = [[], [], EMPTY_ENTRY_BYTES, 0];
    }
    if (change !== undefined) {
      changes.push(change);
      sequence += 1;
    }
    writes.push(writeOf(difference, next));
    entryBytes += changeSize;
    documentBytes += documentSize;
  }
  if (writes.length > 0) yield { changes, writes };
}
