import { expect, test } from 'vitest';
import { startScheduler } from '../../../infra/local/scheduler.ts';
import { until } from '../../../infra/local/until.ts';

test('a run that takes longer than the interval is never joined by a second one', async () => {
  let atOnce = 0;
  let most = 0;
  let runs = 0;
  const scheduler = startScheduler({
    everySeconds: 0.001,
    run: async () => {
      atOnce += 1;
      most = Math.max(most, atOnce);
      for (let turn = 0; turn < 100; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      atOnce -= 1;
      runs += 1;
    },
    onError: (error) => expect.unreachable(String(error)),
  });
  await until(() => runs >= 5, { what: 'five runs', withinMs: 5_000 });
  await scheduler.stop();
  expect(most).toBe(1);
});

test('a run that fails is told, and followed by the next', async () => {
  const errors: unknown[] = [];
  const scheduler = startScheduler({
    everySeconds: 0.001,
    run: () => Promise.reject(new Error('refused')),
    onError: (error) => errors.push(error),
  });
  await until(() => errors.length >= 3, { what: 'three failures', withinMs: 5_000 });
  await scheduler.stop();
  expect(errors.length).toBeGreaterThanOrEqual(3);
});

test('stop waits for the run that is under way, and nothing runs after it', async () => {
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
