import { isDeepStrictEqual } from 'node:util';

import { changeSchema } from '../../functions/feed/change.ts';
import type { OutgoingMessage } from '../../functions/feed/envelope.ts';
import type { Item } from '../../functions/calendar/resources.ts';

/**
 * A consumer of the feed that believes nothing: it replays the changes of one watch as the README says a consumer should,
 * and looks at every number on the way.
 */

interface Known {
  readonly sequence: number;
  readonly item: Item | null;
}

const isItem = (value: unknown): value is Item =>
  typeof value === 'object' && value !== null && 'id' in value;

export function createFeedReader() {
  /** What each number announced. */
  const announced = new Map<number, string>();
  const items = new Map<string, Known>();
  let messages = 0;
  let renumbered = 0;

  /** Takes one message; answers with what is wrong with it. */
  const take = (message: OutgoingMessage): string | undefined => {
    messages += 1;
    const change = changeSchema.parse(JSON.parse(message.data.toString('utf8')));
    const { sequence, itemId, before } = change;
    const after = isItem(change.after) ? change.after : null;
    const content = JSON.stringify([itemId, change.change, after]);
    const known = announced.get(sequence);
    if (known !== undefined) {
      if (known === content) return undefined;
      renumbered += 1;
      return `number ${String(sequence)} announced two different changes`;
    }
    announced.set(sequence, content);
    const last = items.get(itemId);
    if (last !== undefined && last.sequence > sequence) {
      return `number ${String(sequence)} came after ${String(last.sequence)}, of the same item ${itemId}`;
    }
    items.set(itemId, { sequence, item: after });
    if (isDeepStrictEqual(last?.item ?? null, after)) {
      renumbered += 1;
      return `number ${String(sequence)} announces again what ${itemId} was already`;
    }
    if (!isDeepStrictEqual(last?.item ?? null, before)) {
      return `number ${String(sequence)} changes ${itemId} from something that was never announced`;
    }
    return undefined;
  };

  return {
    take,
    messages: (): number => messages,
    /** How often a change came under two numbers, or a number with two changes. */
    renumbered: (): number => renumbered,
    /** How many changes have a number. */
    count: (): number => announced.size,
    /** The numbers up to `last` that never came. */
    holes: (last: number): readonly number[] =>
      Array.from({ length: last }, (_, index) => index + 1).filter((number) => !announced.has(number)),
    /** What a consumer holds in the end. */
    replayed: (): ReadonlyMap<string, Item> =>
      new Map(Array.from(items).flatMap(([id, { item }]) => (item === null ? [] : [[id, item] as const]))),
  };
}

export type FeedReader = ReturnType<typeof createFeedReader>;
