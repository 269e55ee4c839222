/** The SQL views of the example, run in SQLite: current state and history from deliveries in any order. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { changeMessage, type Change } from '../../../../functions/feed/change.ts';
import { replayEndedMessage } from '../../../../infra/cli/replay/ended.ts';
import { watchMessage, type WatchMessage } from '../../../../functions/feed/watch-message.ts';
import { startWarehouse, type Warehouse } from '../../../support/bigquery.ts';

const START = Date.parse('2030-01-01T00:00:00Z');
const timeOf = (second: number): string => new Date(START + second * 1000).toISOString();
const write = (warehouse: Warehouse, change: Change, second: number): void =>
  warehouse.write(changeMessage(change, 'users/x').data.toString(), timeOf(second));

const changeOf = (
  watchId: string,
  sequence: number,
  itemId: string,
  before: unknown,
  after: unknown,
): Change => ({
  watchId,
  user: 'ada@example.com',
  resource: 'events',
  calendarId: 'team',
  itemId,
  change: after === null ? 'deleted' : before === null ? 'created' : 'updated',
  kinds: [],
  sequence,
  before: before === null ? null : { id: itemId, summary: before },
  after: after === null ? null : { id: itemId, summary: after },
  occurredAt: timeOf(sequence),
});

/** An edit of an item of two watches: its new summary, or null for a deletion. */
const edit = fc.record({
  watch: fc.constantFrom('team', 'home'),
  item: fc.constantFrom('a', 'b', 'c'),
  summary: fc.option(fc.string({ maxLength: 5 })),
});

/** Applies edits. Returns their changes, numbered for each watch, and the resulting summaries. */
function applied(edits: readonly (typeof edit extends fc.Arbitrary<infer T> ? T : never)[]) {
  const state = new Map<string, string>();
  const last = new Map<string, number>();
  const changes: Change[] = [];
  for (const { watch, item, summary } of edits) {
    const key = `${watch}/${item}`;
    const before = state.get(key) ?? null;
    if (before === null && summary === null) continue;
    const sequence = (last.get(watch) ?? 0) + 1;
    last.set(watch, sequence);
    changes.push(changeOf(watch, sequence, item, before, summary));
    if (summary === null) state.delete(key);
    else state.set(key, summary);
  }
  return { changes, state };
}

const ITEMS = 'SELECT watch, item, state FROM `calendar.items` ORDER BY watch, item';

test('the view of items has the state after all changes, whatever the order and number of deliveries', () => {
  const deliveries = fc
    .array(edit, { maxLength: 25 })
    .map(applied)
    .chain(({ changes, state }) =>
      fc.record({
        changes: fc.constant(changes),
        state: fc.constant(state),
        twice: fc.subarray(changes),
        order: fc.infiniteStream(fc.nat()),
      }),
    );
  fc.assert(
    fc.property(deliveries, ({ changes, state, twice, order }) => {
      const warehouse = startWarehouse();
      const shuffled = [...changes, ...twice]
        .map((change) => ({ change, at: order.next().value ?? 0 }))
        .toSorted((a, b) => a.at - b.at);
      for (const [second, { change }] of shuffled.entries()) write(warehouse, change, second);

      const items = warehouse
        .query(ITEMS)
        .map(({ watch, item, state: json }) => [
          `${String(watch)}/${String(item)}`,
          JSON.parse(String(json)).summary,
        ]);
      expect(items).toEqual(
        [...state].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([key, summary]) => [key, summary]),
      );

      const history = warehouse.query(
        'SELECT watch, sequence, item FROM `calendar.history` ORDER BY watch, sequence',
      );
      expect(history.map((row) => ({ ...row }))).toEqual(
        changes
          .map(({ watchId, sequence, itemId }) => ({ watch: watchId, sequence, item: itemId }))
          .toSorted((a, b) => (a.watch < b.watch ? -1 : a.watch > b.watch ? 1 : a.sequence - b.sequence)),
      );
    }),
    { numRuns: 100, seed: 20_300_104 },
  );
});

/** Returns an item in the form of the views. */
const itemJson = (summary: string): string => JSON.stringify({ id: 'a', summary });

test('the history says when each state was replaced, and by which change', () => {
  const warehouse = startWarehouse();
  const changes = [
    changeOf('team', 1, 'a', null, 'draft'),
    changeOf('team', 2, 'b', null, 'other'),
    changeOf('team', 3, 'a', 'draft', 'final'),
    changeOf('team', 4, 'a', 'final', null),
  ];
  for (const change of changes.toReversed()) write(warehouse, change, 10 - change.sequence);
  const rows = warehouse.query(
    "SELECT sequence, change, item_before, item_after, occurred_at, replaced_at, replaced_by FROM `calendar.history` WHERE item = 'a' ORDER BY sequence",
  );
  expect(rows.map((row) => Object.values(row))).toEqual([
    [1, 'created', null, itemJson('draft'), timeOf(1), timeOf(3), 3],
    [3, 'updated', itemJson('draft'), itemJson('final'), timeOf(3), timeOf(4), 4],
    [4, 'deleted', itemJson('final'), null, timeOf(4), null, null],
  ]);
});

test('the history gives the state at any moment in the past', () => {
  const warehouse = startWarehouse();
  write(warehouse, changeOf('team', 1, 'a', null, 'draft'), 1);
  write(warehouse, changeOf('team', 5, 'a', 'draft', 'final'), 5);
  write(warehouse, changeOf('team', 9, 'a', 'final', null), 9);
  const at = (second: number) =>
    warehouse
      .query(
        `SELECT item_after FROM \`calendar.history\` WHERE occurred_at <= '${timeOf(second)}' AND (replaced_at IS NULL OR replaced_at > '${timeOf(second)}') AND change <> 'deleted'`,
      )
      .map(({ item_after }) => JSON.parse(String(item_after)).summary);
  expect([0, 1, 4, 5, 8, 9].map(at)).toEqual([[], ['draft'], ['draft'], ['final'], ['final'], []]);
});

test('a setting has a row without a calendar', () => {
  const warehouse = startWarehouse();
  const setting: Change = {
    ...changeOf('me', 1, 'locale', null, 'de'),
    resource: 'settings',
    calendarId: null,
    change: 'snapshot',
  };
  write(warehouse, setting, 1);
  expect(
    warehouse.query('SELECT calendar, resource, item FROM `calendar.items`').map((row) => ({ ...row })),
  ).toEqual([{ calendar: null, resource: 'settings', item: 'locale' }]);
});

test('messages about watches and replays are no changes, and the latest of a watch is its state', () => {
  const warehouse = startWarehouse();
  const target = { user: 'ada@example.com', resource: 'events', calendarId: 'team' } as const;
  const states: readonly Partial<WatchMessage>[] = [
    { state: 'pending', sequence: 0, occurredAt: timeOf(0) },
    { state: 'active', sequence: 1, items: 1, occurredAt: timeOf(2) },
    { state: 'paused', reason: 'invalid_grant', sequence: 1, occurredAt: timeOf(5) },
  ];
  write(warehouse, changeOf('team', 1, 'a', null, 'draft'), 1);
  const others = [
    ...states.map((each, index) =>
      watchMessage(
        { watchId: 'team', ...target, state: 'active', sequence: 1, occurredAt: '', ...each },
        index,
      ),
    ),
    replayEndedMessage({ watchId: 'team', replay: 'r', count: 1, sequence: 1 }, target, timeOf(6)),
  ];
  for (const { data } of others.toReversed()) warehouse.write(data.toString(), timeOf(7));
  expect(warehouse.query('SELECT sequence, item FROM `calendar.history`').map((row) => ({ ...row }))).toEqual(
    [{ sequence: 1, item: 'a' }],
  );
  expect(
    warehouse
      .query('SELECT watch, state, reason, sequence FROM `calendar.watches`')
      .map((row) => ({ ...row })),
  ).toEqual([{ watch: 'team', state: 'paused', reason: 'invalid_grant', sequence: 1 }]);
});
