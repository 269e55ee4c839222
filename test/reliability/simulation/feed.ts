import { isDeepStrictEqual } from 'node:util';

import { changeSchema } from '../../../functions/feed/change.ts';
import type { OutgoingMessage } from '../../../functions/feed/envelope.ts';
import { watchMessageSchema } from '../../../functions/feed/watch-message.ts';
import { baseOf, epochOf } from '../../../functions/watches/epochs.ts';
import type { Item } from '../../../functions/calendar/resources.ts';
import { kindProblem } from '../../support/kind-problem.ts';

/**
 * A consumer of the feed that checks every message: it replays the changes of one collection, whichever watch announces them, as
 * functions/feed/README.md tells consumers to, and checks every number.
 */

interface Known {
  readonly sequence: number;
  readonly item: Item | null;
}

const isItem = (value: unknown): value is Item =>
  typeof value === 'object' && value !== null && 'id' in value;

export function createFeedReader() {
  /** By watch: what each number announced. */
  const announced = new Map<string, Map<number, string>>();
  /** By watch and number: what was said about it. */
  const said = new Map<string, Map<number, { readonly what: string; readonly content: string }>>();
  const items = new Map<string, Known>();
  let messages = 0;
  let renumbered = 0;

  /** Takes a message about a watch; returns what is wrong with it. */
  const takeAbout = ({ attributes, data }: OutgoingMessage): string | undefined => {
    const content = data.toString('utf8');
    const { watchId, state, items: count, sequence } = watchMessageSchema.parse(JSON.parse(content));
    const [, , number] = (attributes['ce-id'] ?? '').split('/');
    const all = said.get(watchId) ?? new Map<number, { what: string; content: string }>();
    said.set(watchId, all);
    const known = all.get(Number(number));
    all.set(Number(number), { what: count === undefined ? state : `${String(count)} items`, content });
    if (known !== undefined && known.content !== content) {
      renumbered += 1;
      return `${String(attributes['ce-id'])} came with two contents`;
    }
    const isAnnounced = sequence === baseOf(epochOf(sequence)) || announced.get(watchId)?.has(sequence);
    return isAnnounced === true ? undefined : `${state} came before number ${String(sequence)}, the last one`;
  };

  /** Takes one message; returns what is wrong with it. */
  const take = (message: OutgoingMessage): string | undefined => {
    messages += 1;
    if (message.attributes['ce-type']?.startsWith('calendar.watch.') === true) return takeAbout(message);
    const change = changeSchema.parse(JSON.parse(message.data.toString('utf8')));
    const kinds = kindProblem(change, message.attributes);
    if (kinds !== undefined) return `number ${String(change.sequence)}: ${kinds}`;
    const { watchId, sequence, itemId, before } = change;
    const after = isItem(change.after) ? change.after : null;
    const content = JSON.stringify([itemId, change.change, after]);
    const numbers = announced.get(watchId) ?? new Map<number, string>();
    announced.set(watchId, numbers);
    const known = numbers.get(sequence);
    if (known !== undefined) {
      if (known === content) return undefined;
      renumbered += 1;
      return `number ${String(sequence)} announced two different changes`;
    }
    numbers.set(sequence, content);
    const last = items.get(itemId);
    const epochs = epochOf(sequence) - epochOf(last?.sequence ?? sequence);
    // A change from an earlier epoch may arrive after the next epoch has announced everything again: it is ignored.
    if (epochs < 0) return undefined;
    if (last !== undefined && last.sequence >= sequence) {
      return `number ${String(sequence)} came after ${String(last.sequence)}, for the same item ${itemId}`;
    }
    items.set(itemId, { sequence, item: after });
    // A new epoch starts from the current items, without regard to what was announced before.
    if (epochs > 0) return undefined;
    if (isDeepStrictEqual(last?.item ?? null, after)) {
      renumbered += 1;
      return `number ${String(sequence)} announces ${itemId} again without a change`;
    }
    if (!isDeepStrictEqual(last?.item ?? null, before)) {
      return `number ${String(sequence)} changes ${itemId} from a state that was never announced`;
    }
    return undefined;
  };

  const numbersOf = (watchId: string): readonly number[] => [...(announced.get(watchId)?.keys() ?? [])];

  return {
    take,
    messages: (): number => messages,
    /** Returns how often a change came under two numbers, or a number with two changes. */
    renumbered: (): number => renumbered,
    /** Returns what was said about a watch, each message once, in the order of their numbers. */
    about: (watchId: string): readonly string[] =>
      [...(said.get(watchId) ?? [])].toSorted(([a], [b]) => a - b).map(([, { what }]) => what),
    /** Returns how many changes have a number. */
    count: (): number => [...announced.values()].reduce((sum, { size }) => sum + size, 0),
    /** Returns the highest number of a watch; 0 if it has none. */
    highest: (watchId: string): number => Math.max(0, ...numbersOf(watchId)),
    /** Returns the numbers up to `last` that never came. In an epoch before that of `last`, only numbers below a later one count. */
    holes: (watchId: string, last: number): readonly number[] => {
      const came = new Set(numbersOf(watchId));
      const tops = new Map<number, number>();
      for (const number of [...came, last]) {
        tops.set(epochOf(number), Math.max(number, tops.get(epochOf(number)) ?? 0));
      }
      return [...tops].flatMap(([epoch, top]) =>
        Array.from({ length: top - baseOf(epoch) }, (_, index) => baseOf(epoch) + index + 1).filter(
          (number) => !came.has(number),
        ),
      );
    },
    /** Returns the items that a consumer has in the end. */
    replayed: (): ReadonlyMap<string, Item> =>
      new Map(Array.from(items).flatMap(([id, { item }]) => (item === null ? [] : [[id, item] as const]))),
  };
}

export type FeedReader = ReturnType<typeof createFeedReader>;
