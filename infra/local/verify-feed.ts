import { isDeepStrictEqual } from 'node:util';
import type { FeedMessage } from './feed.ts';
import type { MirroredItem } from './mirror.ts';

interface Told {
  readonly watch: string;
  /** The number of the watch's latest change. */
  readonly changes: number;
  /** What the feed brought for this watch, in the order of arrival. */
  readonly messages: readonly FeedMessage[];
  /** What is mirrored for this watch. */
  readonly items: readonly MirroredItem[];
}

/**
 * One sentence for each promise of the feed that is not kept: every number from 1 to the watch's sequence is
 * there, no number means two things, each item's changes come in order and follow from one another, and
 * replaying them gives the mirror.
 */
export function checkFeed({ watch, changes, messages, items }: Told): string[] {
  const bySequence = new Map<number, FeedMessage>();
  const differences: string[] = [];
  for (const message of messages) {
    const first = bySequence.get(message.sequence);
    if (first === undefined) bySequence.set(message.sequence, message);
    else if (!isDeepStrictEqual(contentOf(first), contentOf(message))) {
      differences.push(`change ${message.sequence} was announced with two contents`);
    }
    if (message.attributes['ce-id'] !== `${watch}/${message.sequence}`) {
      differences.push(`change ${message.sequence} was announced as ${message.attributes['ce-id']}`);
    }
  }
  const missing = Array.from({ length: changes }, (_, index) => index + 1).filter(
    (one) => !bySequence.has(one),
  );
  if (missing.length > 0)
    differences.push(`${missing.length} of ${changes} changes were not announced: ${some(missing)}`);
  const beyond = [...bySequence.keys()].filter((one) => one > changes);
  if (beyond.length > 0)
    differences.push(`changes were announced that the watch does not count: ${some(beyond)}`);
  return [...differences, ...checkReplay(messages, items)];
}

/** What a consumer that drops what is not newer than what it has would hold, against the mirror. */
function checkReplay(messages: readonly FeedMessage[], items: readonly MirroredItem[]): string[] {
  const held = new Map<string, FeedMessage>();
  const seen = new Set<number>();
  const differences: string[] = [];
  for (const message of messages) {
    const { itemId, sequence } = message;
    const last = held.get(itemId);
    if (last !== undefined && sequence < last.sequence && !seen.has(sequence)) {
      differences.push(`change ${sequence} of item ${itemId} came after change ${last.sequence}`);
    }
    seen.add(sequence);
    if (last !== undefined && sequence <= last.sequence) continue;
    if (!followsFrom(message, last)) {
      differences.push(
        `change ${sequence} of item ${itemId} starts from something else than its last change left`,
      );
    }
    held.set(itemId, message);
  }
  const mirrored = new Map(items.map((item) => [item.itemId, item]));
  for (const [id, { after }] of held) {
    if (!isDeepStrictEqual(after, mirrored.get(id)?.data ?? null)) {
      differences.push(`item ${id}, rebuilt from the feed, is not what is mirrored`);
    }
  }
  const untold = [...mirrored.keys()].filter((id) => !held.has(id));
  if (untold.length > 0)
    differences.push(`${untold.length} mirrored items were never announced: ${some(untold)}`);
  return differences;
}

function followsFrom(message: FeedMessage, last: FeedMessage | undefined): boolean {
  if (message.omitted !== undefined || last?.omitted !== undefined) return true;
  return isDeepStrictEqual(message.before, last?.after ?? null);
}

function contentOf({ attributes: _attributes, orderingKey: _orderingKey, ...content }: FeedMessage): unknown {
  return content;
}

function some(values: readonly (string | number)[]): string {
  return values.slice(0, 5).join(', ') + (values.length > 5 ? ', …' : '');
}
