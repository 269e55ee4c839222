import { expect, test } from 'vitest';
import { startScheduler } from '../../../../infra/local/scheduler.ts';

test('runs that take longer than the interval do not overlap', async () => {
  let running = 0;
  let maxRunning = 0;
  let runs = 0;
  const scheduler = startScheduler({
    everySeconds: 0.001,
    run: async () => {
      running += 1;
      maxRunning = Math.max(maxRunning, running);
      for (let turn = 0; turn < 100; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      runs += 1;
    },
    onError: (error) => expect.unreachable(String(error)),
  });
  await expect.poll(() => runs, { timeout: 60_000 }).toBeGreaterThanOrEqual(5);
  await scheduler.stop();
  expect(maxRunning).toBe(1);
});

test('a failed run is reported, and the next one starts anyway', async () => {
  const errors: unknown[] = [];
  const scheduler = startScheduler({
    everySeconds: 0.001,
    run: () => Promise.reject(new Error('failed')),
    onError: (error) => errors.push(error),
  });
  await expect.poll(() => errors.length, { timeout: 60_000 }).toBeGreaterThanOrEqual(3);
  await scheduler.stop();
  expect(errors.length).toBeGreaterThanOrEqual(3);
});

test('stop waits for the current run, and no other run follows', async () => {
  let finished = 0;
  const scheduler = startScheduler({
    everySeconds: 0.001,
    run: async () => {
      await new Promise((resolve) => setImmediate(resolve));
      finished += 1;
    },
    onError: (error) => expect.unreachable(String(error)),
  });
  await scheduler.stop();
  const then = finished;
  await new Promise((resolve) => setImmediate(resolve));
  expect(finished).toBe(then);
  expect(then).toBeGreaterThan(0);
});
