import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { withRetries } from '../../../../functions/calendar/retry.ts';

const failure = (status: number, reason: string): Error =>
  Object.assign(new Error(reason), {
    response: { status, data: { error: { errors: [{ reason }] } } },
  });

const BUSY = failure(503, 'backendError');
const LIMITED = failure(403, 'rateLimitExceeded');
const REFUSED = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
const LOST = Object.assign(new Error('lost'), { code: 'ECONNRESET' });

/** A call that fails with each of `failures` in turn, and then succeeds. */
function failing(...failures: readonly unknown[]) {
  const waits: number[] = [];
  let calls = 0;
  return {
    waits,
    calls: () => calls,
    run: (idempotent = true, random = 0.5) =>
      withRetries(
        async () => {
          const fault = failures[calls];
          calls += 1;
          if (calls <= failures.length) throw fault;
          return 'done';
        },
        { random: () => random, sleep: async (ms) => void waits.push(ms) },
        { idempotent },
      ),
  };
}

describe('a call', () => {
  test('that succeeds is made once', async () => {
    const call = failing();
    expect(await call.run()).toEqual({ ok: true, value: 'done' });
    expect(call.calls()).toBe(1);
    expect(call.waits).toEqual([]);
  });

  test('that fails temporarily is repeated until it succeeds', async () => {
    const call = failing(BUSY, LIMITED, LOST, REFUSED);
    expect(await call.run()).toMatchObject({
      ok: true,
      value: 'done',
      failedAttempts: ['backendError', 'rateLimitExceeded', 'network', 'network'].map((reason) => ({
        reason,
      })),
    });
    expect(call.calls()).toBe(5);
  });

  test('that keeps failing is made five times, and the last failure is returned', async () => {
    const call = failing(LIMITED, LIMITED, LIMITED, LIMITED, BUSY, BUSY);
    expect(await call.run()).toMatchObject({ ok: false, problem: { reason: 'backendError' } });
    expect(call.calls()).toBe(5);
  });

  test.each([
    failure(400, 'invalid'),
    failure(401, 'authError'),
    failure(403, 'forbidden'),
    failure(404, 'notFound'),
    failure(410, 'fullSyncRequired'),
  ])('is not repeated after %s', async (fault) => {
    const call = failing(fault);
    expect(await call.run()).toMatchObject({ ok: false, problem: { reason: fault.message } });
    expect(call.calls()).toBe(1);
  });

  test('that fails without an answer from Google throws', async () => {
    const fault = new TypeError('a bug');
    await expect(failing(fault).run()).rejects.toBe(fault);
  });
});

describe('a call that is not idempotent', () => {
  test.each([
    ['503', BUSY, 1],
    ['a lost connection', LOST, 1],
    ['a rate limit', LIMITED, 2],
    ['a connection that was never made', REFUSED, 2],
  ])('is repeated after %s only if it certainly had no effect', async (_, fault, calls) => {
    const call = failing(fault);
    await call.run(false);
    expect(call.calls()).toBe(calls);
  });
});

test('the waits between attempts double, are jittered, and add up to less than four seconds', async () => {
  await fc.assert(
    fc.asyncProperty(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), async (random) => {
      const call = failing(BUSY, BUSY, BUSY, BUSY, BUSY);
      await call.run(true, random);
      const bases = [250, 500, 1000, 2000];
      expect(call.waits).toHaveLength(bases.length);
      for (const [index, base] of bases.entries()) {
        expect(call.waits[index]).toBeGreaterThanOrEqual(base / 2);
        expect(call.waits[index]).toBeLessThanOrEqual(base);
      }
    }),
  );
});
