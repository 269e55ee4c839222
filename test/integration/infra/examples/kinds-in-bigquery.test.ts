/** What the SQL of the example answers about kinds, and the queries that its README shows, run in SQLite. */
import { expect, test } from 'vitest';
import { changeMessage, type Change } from '../../../../functions/feed/change.ts';
import { kindsOf } from '../../../../functions/feed/kinds.ts';
import { startWarehouse, type Warehouse } from '../../../support/bigquery.ts';
import { blocksOf, readDocument } from '../../../support/documents.ts';
import { sampleChange } from '../../../support/sample-change.ts';

/** The queries that the README shows, by the question in their first line. */
const QUERIES = blocksOf(readDocument('infra/examples/README.md'))
  .filter(({ language }) => language === 'sql')
  .map(({ body }) => body);
const answer = (warehouse: Warehouse, question: RegExp): readonly unknown[][] => {
  const [query = '', ...others] = QUERIES.filter((each) => question.test(each));
  expect(others).toEqual([]);
  return warehouse.query(query).map((row) => Object.values(row));
};

type Item = NonNullable<Change['before']>;

/** Returns a warehouse with the changes of a watch: when, and the event before and after. */
function warehouseOf(watchId: string, changes: readonly (readonly [string, Item | null, Item | null])[]) {
  const warehouse = startWarehouse();
  for (const [index, [occurredAt, before, after]] of changes.entries()) {
    const change = after === null ? 'deleted' : before === null ? 'created' : 'updated';
    const kinds = [...kindsOf({ resource: 'events', change, before, after })];
    const itemId = String((after ?? before)?.['id']);
    const more = { watchId, itemId, change, kinds, sequence: index + 1, occurredAt } as const;
    const { data } = changeMessage({ ...sampleChange(before, after), ...more }, 'users/x');
    warehouse.write(data.toString(), occurredAt);
  }
  return warehouse;
}

const JANUARY = '2027-01-15T10:00:00Z';
const at = (hour: number) => ({ dateTime: `2027-03-01T${String(hour)}:00:00Z` });
const meeting = (id: string, hour: number, email = 'ana@example.com'): Item => ({
  id,
  summary: `Meeting ${id}`,
  organizer: { email },
  start: at(hour),
  end: at(hour + 1),
});
const exception = (id: string, hour: number): Item => ({
  ...meeting(id, hour),
  recurringEventId: 'weekly',
  originalStartTime: at(10),
});
/** As Google returns an occurrence that was taken out of its series. */
const takenOut = (id: string): Item => ({
  id,
  status: 'cancelled',
  recurringEventId: 'weekly',
  originalStartTime: at(10),
});

test('the history has the kinds of each change, none for one that was written before there were kinds', () => {
  const warehouse = warehouseOf('team', [
    [JANUARY, null, meeting('a', 10)],
    [JANUARY, meeting('a', 10), { ...meeting('a', 11), summary: 'Other' }],
  ]);
  const { kinds: _, ...old } = { ...sampleChange(null, meeting('b', 10)), sequence: 3 };
  warehouse.write(JSON.stringify(old), JANUARY);
  expect(
    warehouse.query('SELECT kinds FROM calendar.history ORDER BY sequence').map(({ kinds }) => kinds),
  ).toEqual(['[]', '["moved","renamed"]', null]);
  expect(
    warehouse
      .query("SELECT sequence FROM calendar.history WHERE 'moved' IN UNNEST(kinds)")
      .map((row) => ({ ...row })),
  ).toEqual([{ sequence: 2 }]);
});

test('the README asks which events existed at a moment', () => {
  const warehouse = warehouseOf('ana-team', [
    ['2026-12-30T00:00:00Z', null, meeting('a', 10)],
    ['2026-12-30T00:00:00Z', null, meeting('b', 10)],
    ['2026-12-31T11:59:59Z', meeting('b', 10), null],
    ['2026-12-31T12:00:01Z', meeting('a', 10), null],
    ['2026-12-31T12:00:01Z', null, meeting('c', 10)],
  ]);
  expect(answer(warehouse, /New Year/)).toEqual([['a', 'Meeting a']]);
});

test('the README asks which meetings were moved most often', () => {
  const warehouse = warehouseOf('team', [
    ['2026-12-31T23:59:59Z', meeting('a', 10), meeting('a', 9)],
    [JANUARY, meeting('a', 9), meeting('a', 10)],
    [JANUARY, meeting('a', 10), { ...meeting('a', 10), summary: 'Renamed' }],
    [JANUARY, null, exception('weekly_1', 12)],
    [JANUARY, exception('weekly_2', 11), exception('weekly_2', 12)],
    [JANUARY, null, meeting('new', 10)],
    ['2027-02-01T00:00:00Z', meeting('a', 10), meeting('a', 11)],
  ]);
  expect(answer(warehouse, /moved most often/)).toEqual([
    ['team', 'weekly', 'Meeting weekly_2', 2],
    ['team', 'a', 'Meeting a', 1],
  ]);
});

test('the README asks whose meetings were cancelled most often', () => {
  const bob = 'bob@example.com';
  const warehouse = warehouseOf('team', [
    [JANUARY, null, meeting('weekly', 10, bob)],
    [JANUARY, null, takenOut('weekly_1')],
    [JANUARY, exception('weekly_2', 11), takenOut('weekly_2')],
    [JANUARY, meeting('a', 10, bob), null],
    [JANUARY, meeting('b', 10), { ...meeting('b', 11) }],
    [JANUARY, null, { ...takenOut('gone_1'), recurringEventId: 'gone' }],
  ]);
  expect(answer(warehouse, /cancelled most often/)).toEqual([
    [bob, 2],
    ['ana@example.com', 1],
  ]);
});
