import { Worker } from 'node:worker_threads';
import * as z from 'zod';

import type { Scenario } from './scenario.ts';
import type { Result } from './simulate.ts';

/**
 * Runs many watches, some hundreds at a time. Each shard is a deployment of its own, so the result does not depend on the number of
 * threads.
 */

const SHARD = 500;

export function shardsOf(scenario: Scenario): readonly Scenario[] {
  const { watches } = scenario;
  const count = Math.ceil(watches.length / SHARD);
  return Array.from({ length: count }, (_, at) => ({
    ...scenario,
    watches: watches.slice(at * SHARD, (at + 1) * SHARD),
  }));
}

/** What a thread reports: its progress, or its result. */
export type Report = { readonly day: number } | { readonly result: Result };

const reportSchema = z.union([
  z.object({ day: z.number() }),
  z.object({ result: z.custom<Result>((value) => typeof value === 'object' && value !== null) }),
]);

function runInThread(shard: Scenario, onDay: (day: number) => void): Promise<Result> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('thread.ts', import.meta.url), { workerData: shard });
    worker.on('message', (message: unknown) => {
      const report = reportSchema.parse(message);
      if ('day' in report) onDay(report.day);
      else resolve(report.result);
    });
    worker.on('error', reject);
    worker.on('exit', (code) => reject(new Error(`a thread has ended with ${String(code)} and no result`)));
  });
}

/** Runs the shards, `workers` at a time; calls `onDay` with the number of days that all shards together have simulated. */
export async function simulateAll(
  shards: readonly Scenario[],
  workers: number,
  onDay: (days: number) => void,
): Promise<Result> {
  const results: Result[] = [];
  const days = shards.map(() => 0);
  const waiting = [...shards.entries()];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [index, shard] = next;
      results[index] = await runInThread(shard, (day) => {
        days[index] = day;
        onDay(days.reduce((sum, each) => sum + each, 0));
      });
    }
  };
  await Promise.all(Array.from({ length: workers }, work));
  return {
    watches: results.flatMap(({ watches }) => watches),
    violations: results.flatMap(({ violations }) => violations),
    struck: results.flatMap(({ struck }) => struck),
    renewRuns: results.reduce((sum, { renewRuns }) => sum + renewRuns, 0),
    deadLetters: results.reduce((sum, { deadLetters }) => sum + deadLetters, 0),
  };
}
