import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { barsOf, blocksOf, daysFrom } from '../../../../infra/emulator/page/app/state/week.ts';
import type { Span } from '../../../../infra/emulator/page/app/state/event.ts';

const MONDAY = Date.UTC(2026, 10, 30);
const WEEK = daysFrom('2026-11-30', 7);
const HOUR = 3_600_000;

const timed = (item: string, from: number, hours: number) => {
  const span: Span = { allDay: false, start: MONDAY + from * HOUR, end: MONDAY + (from + hours) * HOUR };
  return { item, span };
};
const days = (item: string, from: string, to: string) => {
  const span: Span = { allDay: true, from, to };
  return { item, span };
};

test('overlapping events share the width of a day, and others have all of it', () => {
  const blocks = blocksOf(
    [timed('a', 9, 2), timed('b', 10, 1), timed('c', 10.5, 1), timed('d', 13, 1)],
    WEEK,
    'UTC',
  );
  expect(blocks.map(({ item, column, span, columns }) => [item, column, span, columns])).toEqual([
    ['a', 0, 1, 3],
    ['b', 1, 1, 3],
    ['c', 2, 1, 3],
    ['d', 0, 1, 1],
  ]);
});

test('an event takes the columns right of it that others leave free', () => {
  const blocks = blocksOf(
    [timed('long', 8, 10), timed('alone', 9, 1), timed('b', 12, 1), timed('c', 12, 1), timed('d', 12, 1)],
    WEEK,
    'UTC',
  );
  expect(blocks.map(({ item, column, span, columns }) => [item, column, span, columns])).toEqual([
    ['long', 0, 1, 4],
    ['alone', 1, 3, 4],
    ['b', 1, 1, 4],
    ['c', 2, 1, 4],
    ['d', 3, 1, 4],
  ]);
});

test('no two blocks of a day overlap', () => {
  const anyEvents = fc.array(
    fc.record({ from: fc.integer({ min: -30, max: 200 }), hours: fc.integer({ min: 0, max: 60 }) }),
    { maxLength: 30 },
  );
  fc.assert(
    fc.property(anyEvents, (events) => {
      const blocks = blocksOf(
        events.map(({ from, hours }, index) => timed(String(index), from / 2, hours / 2)),
        WEEK,
        'UTC',
      );
      expect(blocks.filter(({ column, span, columns }) => span < 1 || column + span > columns)).toEqual([]);
      const collisions = blocks.flatMap((a, index) =>
        blocks
          .slice(index + 1)
          .filter((b) => a.day === b.day && a.column < b.column + b.span && b.column < a.column + a.span)
          .filter((b) => a.from < b.to && b.from < a.to),
      );
      expect(collisions).toEqual([]);
    }),
  );
});

test('an event over midnight has a part on each day, and none on a day at whose start it ends', () => {
  const parts = blocksOf([timed('night', 22, 4), timed('late', 44, 4)], WEEK, 'UTC');
  expect(parts.map(({ item, day, from, to, first, last }) => [item, day, from, to, first, last])).toEqual([
    ['night', 0, 1320, 1440, true, false],
    ['night', 1, 0, 120, false, true],
    ['late', 1, 1200, 1440, true, true],
  ]);
});

test('events are placed by the wall clock of the zone', () => {
  const [block] = blocksOf([timed('a', 9, 1)], WEEK, 'America/New_York');
  expect(block).toMatchObject({ day: 0, from: 240, to: 300 });
});

test('all-day events are cut at the edges of the week and stacked in lanes', () => {
  const bars = barsOf(
    [
      days('long', '2026-11-20', '2026-12-02'),
      days('short', '2026-12-01', '2026-12-02'),
      days('later', '2026-12-03', '2026-12-30'),
      days('outside', '2026-12-07', '2026-12-08'),
    ],
    WEEK,
  );
  expect(bars.map(({ item, day, length, lane }) => [item, day, length, lane])).toEqual([
    ['long', 0, 2, 0],
    ['short', 1, 1, 1],
    ['later', 3, 4, 0],
  ]);
});
