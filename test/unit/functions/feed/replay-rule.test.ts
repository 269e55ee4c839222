/** The rule for consumers, against a model of mirror, feed and replays: any order, losses before, edits meanwhile. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { changeMessage, type Change } from '../../../../functions/feed/change.ts';
import type { OutgoingMessage } from '../../../../functions/feed/envelope.ts';
import { replayEndedMessage } from '../../../../infra/cli/replay/ended.ts';
import { createCopy } from '../../../support/copy.ts';

const IDS = ['a', 'b', 'c', 'd', 'e'];
const target = { user: 'ada@example.com', resource: 'settings', calendarId: null } as const;
const pathOf = (id: string): string => `users/ada@example.com/settings/${id}`;
const occurredAt = '2030-01-01T00:00:00.000Z';

const id = fc.constantFrom(...IDS);
const edit = fc.oneof(
  { arbitrary: fc.record({ do: fc.constant('put' as const), id }), weight: 3 },
  { arbitrary: fc.record({ do: fc.constant('delete' as const), id }), weight: 2 },
);
/** One of the messages that are on their way arrives; some arrive twice. */
const arrival = fc.record({ do: fc.constant('arrive' as const), which: fc.nat(), twice: fc.boolean() });
const before = fc.array(fc.tuple(fc.oneof(edit, arrival), fc.boolean()), { maxLength: 15 });
const during = fc.array(
  fc.oneof(
    { arbitrary: edit, weight: 3 },
    { arbitrary: arrival, weight: 4 },
    { arbitrary: fc.record({ do: fc.constant('scan' as const) }), weight: 4 },
    { arbitrary: fc.record({ do: fc.constant('restart' as const) }), weight: 1 },
  ),
  { maxLength: 40 },
);
type Step = { do: 'put' | 'delete'; id: string } | { do: 'arrive'; which: number; twice: boolean };

/** One watch: its mirror, and messages on their way to a consumer. */
function model() {
  const mirror = new Map<string, Pick<Change, 'sequence' | 'after'>>();
  const copy = createCopy();
  const underWay: OutgoingMessage[] = [];
  let sequence = 0;
  let replays = 0;
  let scan: { replay: string; sequence: number; left: string[]; count: number } | undefined;
  const messageOf = (itemId: string, change: Change['change'], replay?: string) => {
    const { after, sequence: number } = mirror.get(itemId) ?? { after: null, sequence };
    const fields = {
      watchId: 'w',
      ...target,
      itemId,
      change,
      kinds: [],
      sequence: number,
      before: null,
      after,
      occurredAt,
    };
    return changeMessage(fields, pathOf(itemId), replay);
  };
  return {
    mirror,
    copy,
    underWay,
    step: (step: Step, isLost = false): void => {
      if (step.do === 'arrive') {
        const index = step.which % Math.max(1, underWay.length);
        const [message] = step.twice ? underWay.slice(index, index + 1) : underWay.splice(index, 1);
        if (message) copy.receive(message);
        return;
      }
      if (step.do === 'delete' && !mirror.has(step.id)) return;
      sequence += 1;
      if (step.do === 'delete') mirror.delete(step.id);
      else mirror.set(step.id, { sequence, after: { number: sequence } });
      if (!isLost) underWay.push(messageOf(step.id, step.do === 'put' ? 'updated' : 'deleted'));
    },
    restart: (): void => {
      scan = undefined;
    },
    /** Reads one more document, or ends the replay. */
    scan: (): void => {
      scan ??= { replay: `r${String((replays += 1))}`, sequence, left: [...IDS], count: 0 };
      const next = scan.left.shift();
      if (next !== undefined && mirror.has(next)) {
        scan.count += 1;
        underWay.push(messageOf(next, 'snapshot', scan.replay));
      }
      if (next !== undefined) return;
      const { replay, count, sequence: known } = scan;
      underWay.push(replayEndedMessage({ watchId: 'w', replay, count, sequence: known }, target, occurredAt));
      scan = undefined;
    },
    isReplaying: () => scan !== undefined,
  };
}

test('after any losses, one replay that is complete makes a consumer hold what is mirrored', () => {
  fc.assert(
    fc.property(before, during, fc.array(fc.nat(), { minLength: 1 }), (lossy, steps, order) => {
      const world = model();
      for (const [step, isLost] of lossy) world.step(step, isLost);
      for (const step of steps) {
        if (step.do === 'scan') world.scan();
        else if (step.do === 'restart') world.restart();
        else world.step(step);
      }
      // One more replay to its end, from wherever the last one is.
      do world.scan();
      while (world.isReplaying());
      for (let turn = 0; world.underWay.length > 0; turn += 1) {
        world.step({ do: 'arrive', which: order[turn % order.length] ?? 0, twice: false });
      }
      const mirrored = Array.from(world.mirror, ([itemId, { after }]) => [pathOf(itemId), after] as const);
      expect(world.copy.items()).toEqual(new Map(mirrored));
    }),
    { numRuns: 2_000 },
  );
});
