/** Rejected requests in the log: samples with counts. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRejectionLog } from '../../../../functions/receive/rejections.ts';
import { createLog } from '../../../../functions/runtime/log.ts';

function subject() {
  const lines: string[] = [];
  const time = { now: 0 };
  const rejections = createRejectionLog(
    createLog((line) => lines.push(line)),
    () => time.now,
  );
  return {
    ...rejections,
    time,
    /** Returns reason and count of each entry. */
    entries: (): readonly (readonly [string, number])[] =>
      lines.map((line) => {
        const { reason, count } = JSON.parse(line);
        return [reason, count];
      }),
  };
}

test('the first rejection for a reason is logged at once, and then one entry a minute with the number since', () => {
  const { add, flush, time, entries } = subject();
  for (const at of [0, 10, 59_999, 60_000, 60_001, 200_000, 200_001]) {
    time.now = at;
    add(403, 'forged');
  }
  add(400, 'incomplete');
  expect(entries()).toEqual([
    ['forged', 1],
    ['forged', 3],
    ['forged', 2],
    ['incomplete', 1],
  ]);
  flush();
  expect(entries().slice(4)).toEqual([['forged', 1]]);
  flush();
  expect(entries()).toHaveLength(5);
});

test('whatever comes when, the counts add up, and no reason has two entries within a minute', () => {
  const request = fc.record({ pause: fc.nat(90_000), reason: fc.constantFrom('a', 'b', 'c') });
  fc.assert(
    fc.property(fc.array(request), (requests) => {
      const { add, flush, time, entries } = subject();
      const loggedAt = new Map<string, number>();
      for (const { pause, reason } of requests) {
        time.now += pause;
        const before = entries().length;
        add(403, reason);
        if (entries().length === before) continue;
        const latest = loggedAt.get(reason);
        expect(latest === undefined || time.now - latest >= 60_000).toBe(true);
        loggedAt.set(reason, time.now);
      }
      flush();
      const sumOf = (reason: string): number =>
        entries().reduce((sum, [of, count]) => sum + (of === reason ? count : 0), 0);
      for (const each of ['a', 'b', 'c'])
        expect(sumOf(each)).toBe(requests.filter(({ reason }) => reason === each).length);
    }),
  );
});
