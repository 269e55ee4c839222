/** Tests on a cloud, as fixtures. The tests of a file share one cloud, which stops after the last of them. */
import { test as base } from 'vitest';
import type { CloudOptions } from '../../infra/local/cloud.ts';
import { startScheduler } from '../../infra/local/scheduler.ts';
import { commandLine } from './command-line.ts';
import { startPipeline } from './pipeline.ts';

/**
 * Returns a `test` whose tests have a `cloud` with these options, and `cli`, the command line connected to it.
 * @example
 * const test = cloudTest();
 * test('a new user has no watches', async ({ cloud }) => …);
 */
export function cloudTest(options: CloudOptions = {}) {
  const test = base
    .extend('cloud', { scope: 'file' }, async ({}, { onCleanup }) => {
      const cloud = await startPipeline(options);
      onCleanup(() => cloud[Symbol.asyncDispose]());
      return cloud;
    })
    .extend('cli', { scope: 'file' }, ({ cloud }) => commandLine(cloud.env));
  // Otherwise the start would count towards the time limit of the first test.
  test.beforeAll(({ cloud }) => void cloud);
  return test;
}

/** Returns the same, with a `scheduler` that calls renew twice a second. */
export const scheduledCloudTest = (options: CloudOptions = {}) =>
  cloudTest(options).extend('scheduler', { scope: 'file', auto: true }, ({ cloud }, { onCleanup }) => {
    let isPaused = false;
    let run: Promise<unknown> = Promise.resolve();
    const scheduler = startScheduler({
      everySeconds: 0.5,
      run: () => (run = isPaused ? Promise.resolve() : cloud.renew()),
      onError: () => undefined,
    });
    onCleanup(() => scheduler.stop());
    return {
      /** Waits for the current run. No other run starts until the result is disposed. */
      pause: async (): Promise<Disposable> => {
        isPaused = true;
        await run;
        return {
          [Symbol.dispose]: () => {
            isPaused = false;
          },
        };
      },
    };
  });
