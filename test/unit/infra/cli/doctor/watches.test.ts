/** The doctor's findings on watches that are never due, and on the remains of deleted ones. */
import { describe, expect, test } from 'vitest';
import { judgeOrphaned, judgeRemains, judgeWatches } from '../../../../../infra/cli/doctor/watches.ts';
import type { WatchResult } from '../../../../../functions/watches/watch.ts';
import { NOW, sampleWatch } from '../../../../support/sample-watch.ts';

const listed = (id: string, nextDueAt: number | undefined): WatchResult => ({
  ok: true,
  watch: sampleWatch({ id, nextDueAt }),
});
const names = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `w${String(index + 1)}`);

describe('watches', () => {
  test('are well if renew finds each by itself, including an unreadable one', () => {
    const { updateTime } = sampleWatch().version;
    const unreadable: WatchResult = { ok: false, id: 'w2', problem: 'confused', updateTime };
    expect(judgeWatches([listed('w1', NOW), unreadable])).toMatchObject({ verdict: 'well', says: '2' });
    expect(judgeWatches([])).toMatchObject({ verdict: 'well', says: '0' });
  });

  test('that are never due are named, with the command that makes them due', () => {
    const found = judgeWatches([listed('w0', NOW), ...names(2).map((id) => listed(id, undefined))]);
    expect(found).toMatchObject({ verdict: 'wrong', fix: 'calendar-mirror renew w1 w2' });
    expect(found.says).toMatch(/nextDueAt is missing or not a Timestamp: w1, w2\. /);
  });

  test('that are never due are named up to five; for more, the command covers all', () => {
    const found = judgeWatches(names(7).map((id) => listed(id, undefined)));
    expect(found).toMatchObject({ verdict: 'wrong', fix: 'calendar-mirror renew --all' });
    expect(found.says).toMatch(/: w1, w2, w3, w4, w5 and 2 more\. /);
  });
});

describe('deleted watches', () => {
  const place = { project: 'demo', notifications: 'calendar-notifications' };

  test('without remains are not reported', () => {
    expect(judgeRemains([], place)).toEqual([]);
  });

  test.each([
    [1, /remain of 1 watch deleted by hand: w1\. /, /^wait, or .*--attribute=watch=w1,reason=poll .*=demo$/],
    [6, /remain of 6 watches .*: w1, w2, w3, w4, w5 and 1 more\. /, /watch=w1,.* likewise for the others$/],
    [100, /remain of at least 100 watches /, /watch=w1,/],
  ])('with remains (%i) are counted, with the command that clears them', (count, says, fix) => {
    expect(judgeRemains(names(count), place)).toEqual([
      {
        what: 'deleted watches',
        verdict: 'wrong',
        says: expect.stringMatching(says),
        fix: expect.stringMatching(fix),
      },
    ]);
  });
});

test('dead letters of deleted watches come with the command that purges them, twenty at a time', () => {
  const watches = new Set(['w1']);
  expect(judgeOrphaned({ letters: [], watches: new Set() })).toEqual([]);
  expect(judgeOrphaned({ letters: ['11'], watches })).toMatchObject([
    { says: '1 names a watch that no longer exists', fix: 'calendar-mirror dead-letters purge 11' },
  ]);
  const [many] = judgeOrphaned({ letters: names(21), watches });
  expect(many).toMatchObject({ says: '21 name a watch that no longer exists' });
  expect(many?.fix).toMatch(/ purge w1 .* w20$/);
});
