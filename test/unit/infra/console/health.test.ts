import { describe, expect, test } from 'vitest';
import { healthOf } from '../../../../infra/console/model/health.ts';
import { sampleView } from '../../../support/console/sample-view.ts';

const NOW = 1_800_000_000_000;
const view = (fields: Parameters<typeof sampleView>[0] = {}) => sampleView({ nextCheckAt: NOW, ...fields });

describe('health', () => {
  test('is good while every watch is kept up to date', () => {
    const watches = [
      view(),
      view({ id: 'b', state: 'polling', channel: null }),
      view({ id: 'c', state: 'removed' }),
    ];
    expect(healthOf(watches, null, NOW)).toEqual({
      ok: true,
      sentence: '2 watches active, nothing late',
      lastChangeAt: null,
      problems: [],
      more: 0,
    });
  });

  test('counts watches in other states, and is good while they are on their way', () => {
    const watches = [view(), view({ id: 'b', state: 'pending' }), view({ id: 'c', state: 'removing' })];
    expect(healthOf(watches, 5, NOW)).toMatchObject({
      ok: true,
      sentence: '1 watch active, 1 pending, 1 removing, nothing late',
      lastChangeAt: 5,
    });
  });

  test('without watches says so', () => {
    expect(healthOf([], null, NOW)).toMatchObject({ ok: true, sentence: 'no watches yet' });
  });

  test.each<[string, Parameters<typeof sampleView>[0], string]>([
    ['paused', { state: 'paused', detail: 'ask Ana' }, 'paused: ask Ana'],
    ['gone', { state: 'gone', reason: 'notFound' }, 'gone: notFound'],
    ['unreadable', { state: 'unreadable', detail: 'status is text' }, 'cannot be read: status is text'],
    ['failing for the first time', { failures: 1, error: 'backendError' }, '1 failed sync (backendError)'],
    ['failing', { failures: 3, error: 'backendError' }, '3 failed syncs (backendError)'],
    ['never checked', { nextCheckAt: null }, 'is never checked: nextDueAt is missing'],
    ['overdue', { nextCheckAt: NOW - 16 * 60_000 }, 'its check is overdue: does renew run?'],
    ['without a living channel', { channel: { id: 'x', expiresAt: NOW - 1 } }, 'its channel has expired'],
  ])('is bad with a watch that is %s, and names it', (_name, fields, text) => {
    const { ok, problems, sentence } = healthOf([view(), view({ id: 'b', ...fields })], null, NOW);
    expect({ ok, problems }).toEqual({ ok: false, problems: [{ watchId: 'b', text, fix: null }] });
    expect(sentence).toMatch(/, 1 problem$/);
  });

  test('names the worst problems first, and not more than a person reads', () => {
    const late = { nextCheckAt: null };
    const watches = [
      view({ id: 'late', ...late }),
      view({ id: 'paused', state: 'paused' }),
      view({ id: 'unreadable', state: 'unreadable' }),
      view({ id: 'failing', failures: 1 }),
      ...Array.from({ length: 60 }, (_, index) => view({ id: `other-${index}`, ...late })),
    ];
    const { problems, more, sentence } = healthOf(watches, null, NOW);
    expect(problems.slice(0, 4).map(({ watchId }) => watchId)).toEqual([
      'unreadable',
      'paused',
      'failing',
      'late',
    ]);
    expect([problems.length, more]).toEqual([50, 14]);
    expect(sentence).toContain('64 problems');
  });

  test('is bad while the console cannot read what it judges', () => {
    expect(healthOf([view()], null, NOW, ['watches can no longer be read'])).toMatchObject({
      ok: false,
      sentence: 'watches can no longer be read; 1 watch active, nothing late',
      problems: [],
    });
  });
});
