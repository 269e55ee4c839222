import { isDeepStrictEqual } from 'node:util';
import { withMoments } from '../../functions/calendar/event-times.ts';
import { baseOf, epochOf } from '../../functions/watches/epochs.ts';
import type { AboutWatch, FeedMessage } from './feed.ts';
import type { MirroredItem } from './mirror.ts';

interface WatchFeed {
  readonly watch: string;
  /** The sequence of the watch's latest change. */
  readonly changes: number;
  /** The messages of the watch, in the order of arrival. */
  readonly messages: readonly FeedMessage[];
}

/** Returns the sequences of an epoch up to `last`. */
const numbersTo = (epoch: number, last: number): readonly number[] =>
  Array.from({ length: last - baseOf(epoch) }, (_, index) => baseOf(epoch) + index + 1);

/**
 * Checks that the feed has every sequence of a watch, from the first of each epoch on, and that none has two contents. Returns a
 * sentence for each violation.
 */
export function checkNumbers({ watch, changes, messages }: WatchFeed): string[] {
  const bySequence = new Map<number, FeedMessage>();
  const differences: string[] = [];
  for (const message of messages) {
    const first = bySequence.get(message.sequence);
    if (first === undefined) bySequence.set(message.sequence, message);
    else if (!isDeepStrictEqual(contentOf(first), contentOf(message))) {
      differences.push(`change ${message.sequence} was published with two contents`);
    }
    if (message.attributes['ce-id'] !== `${watch}/${message.sequence}`) {
      differences.push(`change ${message.sequence} was published with ce-id ${message.attributes['ce-id']}`);
    }
  }
  const lastOf = new Map(changes > 0 ? [[epochOf(changes), changes]] : []);
  for (const one of bySequence.keys()) {
    if (one <= changes) lastOf.set(epochOf(one), Math.max(one, lastOf.get(epochOf(one)) ?? 0));
  }
  const missing = Array.from(lastOf, ([epoch, last]) => numbersTo(epoch, last))
    .flat()
    .filter((one) => !bySequence.has(one));
  if (missing.length > 0)
    differences.push(`${missing.length} changes up to ${changes} were not published: ${firstFew(missing)}`);
  const beyond = [...bySequence.keys()].filter((one) => one > changes);
  if (beyond.length > 0)
    differences.push(`changes beyond the watch's sequence ${changes} were published: ${firstFew(beyond)}`);
  return differences;
}

/** Returns the number of a message about a watch. */
const numberOf = ({ attributes }: AboutWatch): number => Number(attributes['ce-id']?.split('/').at(-1));

/** Returns the messages about a watch in the order of their numbers, each once. */
export const inOrder = (messages: readonly AboutWatch[]): readonly AboutWatch[] =>
  [...new Map(messages.map((message) => [numberOf(message), message])).values()].toSorted(
    (one, other) => numberOf(one) - numberOf(other),
  );

/**
 * Checks the messages about a watch: the latest one has its state, none has two contents, and none has a number of changes beyond its
 * sequence. Returns a sentence for each violation.
 */
export function checkStates(
  { state, changes }: { readonly state: string; readonly changes: number },
  messages: readonly AboutWatch[],
): string[] {
  const differences: string[] = [];
  const byId = Map.groupBy(messages, ({ attributes }) => attributes['ce-id']);
  for (const [id, [first, ...others]] of byId) {
    if (first && others.some((other) => !isDeepStrictEqual(contentOf(first), contentOf(other))))
      differences.push(`message ${id} about the watch was published with two contents`);
  }
  const told = inOrder(messages).at(-1)?.state ?? 'pending';
  if (told !== state) differences.push(`the watch is ${state}, and ${told} in the feed`);
  if (messages.some(({ sequence }) => sequence > changes))
    differences.push(`a message about the watch has a number beyond its sequence ${changes}`);
  return differences;
}

/**
 * Compares the mirror of a collection with the state of a consumer that ignores stale sequences. Returns a sentence for each
 * difference. `messages` are those of every watch that has mirrored the collection, in the order of arrival.
 */
export function checkReplay(messages: readonly FeedMessage[], items: readonly MirroredItem[]): string[] {
  const held = new Map<string, FeedMessage>();
  const seen = new Set<string | undefined>();
  const differences: string[] = [];
  for (const message of messages) {
    const { itemId, sequence, watchId } = message;
    const id = message.attributes['ce-id'];
    const last = held.get(itemId);
    // Messages of two watches are not ordered: a late change of the earlier watch is stale.
    const isOutOfOrder = last?.watchId === watchId && sequence < last.sequence;
    if (isOutOfOrder && !seen.has(id)) {
      differences.push(`change ${sequence} of item ${itemId} arrived after change ${last.sequence}`);
    }
    seen.add(id);
    if (last !== undefined && sequence <= last.sequence) continue;
    if (!continues(message, last)) {
      differences.push(
        `"before" of change ${sequence} of item ${itemId} differs from "after" of its previous change`,
      );
    }
    held.set(itemId, message);
  }
  const mirrored = new Map(items.map((item) => [item.itemId, item]));
  for (const [id, { after }] of held) {
    if (!isSame(after, mirrored.get(id)?.data)) {
      differences.push(`item ${id}, rebuilt from the feed, differs from the mirror`);
    }
  }
  const unpublished = [...mirrored.keys()].filter((id) => !held.has(id));
  if (unpublished.length > 0)
    differences.push(`${unpublished.length} mirrored items were never published: ${firstFew(unpublished)}`);
  return differences;
}

function continues(message: FeedMessage, last: FeedMessage | undefined): boolean {
  // A snapshot does not depend on earlier changes.
  if (message.change === 'snapshot') return true;
  if (message.omitted !== undefined || last?.omitted !== undefined) return true;
  return isSame(message.before, last?.after);
}

type Item = Readonly<Record<string, unknown>>;

/**
 * Whether two items are equal except for the offsets of their times. When a calendar's time zone changes, Google returns the same
 * moments with other offsets, which the mirror adopts without a change.
 */
const isSame = (one: Item | null, other: Item | null | undefined): boolean =>
  isDeepStrictEqual(one && withMoments(one), other ? withMoments(other) : null);

function contentOf({
  attributes: _attributes,
  orderingKey: _orderingKey,
  ...content
}: FeedMessage | AboutWatch): unknown {
  return content;
}

function firstFew(values: readonly (string | number)[]): string {
  return values.slice(0, 5).join(', ') + (values.length > 5 ? ', …' : '');
}
