import { parentPort, workerData } from 'node:worker_threads';
import * as z from 'zod';

import type { Scenario } from './scenario.ts';
import type { Report } from './shards.ts';
import { simulate } from './simulate.ts';

/** Runs one shard in a thread. */

// Hundreds of thousands of errors are thrown; their stack traces are not needed.
Error.stackTraceLimit = 0;

const scenario = z.custom<Scenario>((value) => typeof value === 'object' && value !== null).parse(workerData);
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port has no origin
const say = (report: Report): void => parentPort?.postMessage(report);

say({ result: await simulate(scenario, { onDay: (day) => say({ day }) }) });
