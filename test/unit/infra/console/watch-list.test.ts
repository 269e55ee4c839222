import { describe, expect, test } from 'vitest';
import { axisOf } from '../../../../infra/console/model/watch-details.ts';
import { orderedWatches, type WatchRow } from '../../../../infra/console/model/watch-list.ts';
import { sampleView } from '../../../support/console/sample-view.ts';

const row = (fields: Parameters<typeof sampleView>[0], changes = 0): WatchRow => ({
  view: sampleView(fields),
  changes,
});
const ROWS = [
  row({ id: 'b', state: 'paused', sequence: 10, completedAt: 5, reason: 'authError' }, 3),
  row({ id: 'a', state: 'active', sequence: 9, completedAt: null }),
  row({ id: 'c', state: 'active', sequence: 10, completedAt: 7, user: 'ben@example.com' }, 1),
];
const idsBy = (by: Parameters<typeof orderedWatches>[1]['by'], descending = false, words = ''): string =>
  orderedWatches(ROWS, { words, by, descending })
    .map(({ view }) => view.id)
    .join('');

const channel = (id: string, createdAt: number, expiresAt: number) =>
  ({ id, state: 'live', createdAt, expiresAt }) as const;

describe('watches', () => {
  test.each<[Parameters<typeof idsBy>[0], boolean, string]>([
    ['id', false, 'abc'],
    ['id', true, 'cba'],
    ['state', false, 'acb'],
    ['lastSync', true, 'cba'],
    ['sequence', false, 'abc'],
    ['sequence', true, 'bca'],
    ['changes', true, 'bca'],
    ['nextCheck', false, 'abc'],
  ])('are ordered by %s, descending %s, and by id within equal ones', (by, descending, ids) => {
    expect(idsBy(by, descending)).toBe(ids);
  });

  test('are found by all words of id, user, state and reason, whatever their case', () => {
    expect(idsBy('id', false, 'ACTIVE ben')).toBe('c');
    expect(idsBy('id', false, 'autherror')).toBe('b');
    expect(idsBy('id', false, 'active paused')).toBe('');
  });
});

describe('channels on a time axis', () => {
  test('overlap where one replaces another', () => {
    const { bars, now, from, to } = axisOf([channel('new', 60, 200), channel('old', 0, 100)], 80);
    expect({ from, to, now }).toEqual({ from: 0, to: 200, now: 0.4 });
    expect(bars.map(({ channel: { id }, from: start, to: end }) => [id, start, end])).toEqual([
      ['old', 0, 0.5],
      ['new', 0.3, 1],
    ]);
  });

  test('may all have ended', () => {
    const { bars, now } = axisOf([channel('x', 0, 50)], 100);
    expect(bars[0]?.to).toBeLessThan(now);
    expect(now).toBeLessThanOrEqual(1);
  });

  test('may be none', () => {
    expect(axisOf([], 100)).toMatchObject({ bars: [], from: 100, now: 0 });
  });
});
