/** What `calendar-mirror tail` prints, and the filter of its subscription. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { RESOURCES } from '../../../../../functions/calendar/resources.ts';
import { CHANGES } from '../../../../../functions/feed/change.ts';
import { parseMessage } from '../../../../../functions/feed/consumer.ts';
import { KINDS } from '../../../../../functions/feed/kinds.ts';
import { isWanted, subscriptionFilter } from '../../../../../infra/cli/commands/tail.ts';
import { FEED_MESSAGES } from '../../../../support/feed-messages.ts';
import { parseFilter } from '../../../../support/pubsub-filter.ts';

type Wanted = Parameters<typeof isWanted>[0];
const EVERYTHING: Wanted = { resource: [], user: [], change: [], kind: [] };

/** The messages about items and watches, as a consumer parses them. */
const messages = Object.entries(FEED_MESSAGES).flatMap(([name, { attributes, data }]) => {
  const parsed = parseMessage({ attributes, data });
  if (!parsed.ok || (parsed.about !== 'item' && parsed.about !== 'watch')) return [];
  return [{ name, attributes, content: parsed.about === 'item' ? parsed.change : parsed.watch }];
});

const printed = (wanted: Partial<Wanted>): readonly string[] =>
  messages.filter(({ content }) => isWanted({ ...EVERYTHING, ...wanted }, content)).map(({ name }) => name);

test('without options, changes and messages about watches are printed', () => {
  expect(printed({})).toEqual(messages.map(({ name }) => name));
  expect(messages.length).toBe(Object.keys(FEED_MESSAGES).length - 1);
});

test.each<[Partial<Wanted>, readonly string[]]>([
  [
    { kind: ['moved', 'cancelled'] },
    ['moved', 'occurrence moved', 'occurrence cancelled', 'deleted', 'moved by ana'],
  ],
  [{ kind: ['responded'] }, ['moved']],
  [{ kind: ['renamed'] }, ['renamed', 'calendar list']],
  [{ kind: ['renamed'], resource: ['events', 'acl'] }, ['renamed']],
  [{ kind: ['moved', 'cancelled'], change: ['created'] }, ['occurrence moved', 'occurrence cancelled']],
  [{ kind: ['touched'], user: ['ana@example.com'] }, []],
  [{ kind: ['moved'], user: ['ana@example.com'] }, ['moved by ana']],
  [{ user: ['ana@example.com'] }, ['moved by ana']],
  [{ resource: ['settings'] }, ['setting']],
  [{ change: ['snapshot'] }, ['snapshot', 'replayed']],
])('%j selects %j', (wanted, names) => {
  expect(printed(wanted)).toEqual(names);
});

test('the subscription delivers what is printed, and nothing else if its filter has every option', () => {
  const options = fc.record({
    resource: fc.subarray([...RESOURCES]),
    user: fc.subarray(['ada@example.com', 'ana@example.com', `${'x'.repeat(64)}@example.com`]),
    change: fc.subarray([...CHANGES]),
    kind: fc.subarray([...new Set(Object.values(KINDS).flat())]),
  });
  let short = 0;
  fc.assert(
    fc.property(options, (wanted) => {
      const filter = subscriptionFilter(wanted);
      const matches = parseFilter(filter);
      const isWhole = Object.entries(wanted).every(
        ([name, values]) =>
          values.length === 0 || filter.includes(`attributes${name === 'kind' ? ':kind_' : `.${name} `}`),
      );
      short += isWhole ? 0 : 1;
      for (const { attributes, content } of messages) {
        const isDelivered = matches(attributes);
        expect(isDelivered).toBe(
          isWhole ? isWanted(wanted, content) : isDelivered || isWanted(wanted, content),
        );
      }
    }),
    { numRuns: 300, seed: 20_300_106 },
  );
  expect(short).toBeGreaterThan(10);
  expect(short).toBeLessThan(290);
});

test('the filter of the documents is that of the command', () => {
  expect(subscriptionFilter({ ...EVERYTHING, kind: ['moved', 'cancelled'] })).toBe(
    '(attributes:kind_moved OR attributes:kind_cancelled)',
  );
});
