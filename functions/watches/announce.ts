import type { DocumentData, DocumentReference } from '@google-cloud/firestore';

import { isWatchId } from './channel-token.ts';
import { positionOf } from './epochs.ts';
import type { StateChange } from './states.ts';
import { stateFields, type Version, type Watch } from './watch.ts';

/**
 * Messages about watches. A new state and the message about it are one write: the message goes into the watch's outbox, from which sync
 * publishes it, and `status.latestMessage` says where it is.
 */

interface News {
  /** The version that the write replaces. As only one write can, no two messages of a watch have one number. */
  readonly version: Version;
  /** The new state, if it changes. */
  readonly to?: StateChange | undefined;
  /** The number of the last change announced. */
  readonly sequence: number;
  /** How many items are mirrored, at the end of a full sync. */
  readonly items?: number | undefined;
  /** Unix ms. */
  readonly at: number;
}

/** Returns the messages about a write to a watch, each with its own number, and the position of the last one in the outbox. Pure. */
export function announce({ id, spec, ...watch }: Watch, { version, to, sequence, items, at }: News) {
  const { seconds, nanoseconds } = version.updateTime;
  const first = seconds * 1_000_000 + Math.floor(nanoseconds / 1000);
  const { state, reason } = to ?? watch;
  const about = {
    watchId: id,
    ...(spec.ok ? spec.value.target : spec.named),
    state,
    reason,
    sequence,
    occurredAt: new Date(at).toISOString(),
  };
  const isAddressable = isWatchId(id);
  const messages = [
    ...(isAddressable && state !== watch.state ? [about] : []),
    ...(isAddressable && items !== undefined ? [{ ...about, items }] : []),
  ].map((message, index) => ({ number: first + index, message }));
  const last = messages.at(-1);
  return { messages, latestMessage: last && positionOf(sequence, last.number) };
}

/** Returns the document of an entry of the outbox: JSON strings, which may nest freely and are never indexed. */
export const entryDocument = ({
  changes,
  about,
}: Readonly<Record<'changes' | 'about', readonly unknown[]>>) => ({
  changes: JSON.stringify(changes),
  about: JSON.stringify(about),
});

/** Writes the message about a new state in a transaction or batch, if the state changes. Returns the fields to update with it. */
export function enterState(
  write: { create: (document: DocumentReference, data: DocumentData) => unknown },
  document: DocumentReference,
  watch: Watch,
  to: StateChange,
) {
  const { version, readTime: at } = watch;
  const { messages, latestMessage } = announce(watch, { version, to, sequence: watch.sync.sequence, at });
  if (latestMessage === undefined) return stateFields(to);
  const entry = entryDocument({ changes: [], about: messages });
  write.create(document.collection('outbox').doc(latestMessage), entry);
  return { ...stateFields(to), 'status.latestMessage': latestMessage };
}
