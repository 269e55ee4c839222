/** `npm run simulate`: runs the functions' own code through months of virtual time with every kind of fault. */
import { parseArgs } from 'node:util';

import { broken } from './promises.ts';
import { table } from './report.ts';
import { SABOTAGES, SETTLING, DAY, type Scenario } from './scenario.ts';
import { shardsOf, simulateAll } from './shards.ts';
import { shrink } from './shrink.ts';

const HELP = `Simulates sync, renew and receive in virtual time, against a Google Calendar, a Firestore and a Pub/Sub that fail.

Usage: npm run simulate -- [options]

  --days <n>         days of edits and faults (default 90); two quiet days follow, then everything must be in order
  --watches <n>      how many watches (default 1000)
  --seed <n>         seed of everything that is random (default 1)
  --workers <n>      threads (default 1); the result does not depend on it
  --sabotage <what>  breaks something on purpose: ${SABOTAGES.join(', ')}
  --help             this text

Ends with 1 if a promise was broken, and prints the shortest history that breaks it.
`;

class UsageError extends Error {}

function wholeNumber(name: string, text: string, most: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1 || value > most) {
    throw new UsageError(`${name} must be a whole number from 1 to ${String(most)}, not '${text}'.`);
  }
  return value;
}

const option = (fallback: string) => ({ type: 'string', default: fallback }) as const;

function parse(args: readonly string[]) {
  try {
    const options = {
      days: option('90'),
      watches: option('1000'),
      seed: option('1'),
      workers: option('1'),
      sabotage: { type: 'string' },
      help: { type: 'boolean', default: false },
    } as const;
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function readOptions(args: readonly string[]) {
  const values = parse(args);
  if (values.help) return 'help';
  const sabotage = SABOTAGES.find((each) => each === values.sabotage);
  if (values.sabotage !== sabotage) {
    throw new UsageError(`--sabotage must be one of ${SABOTAGES.join(', ')}.`);
  }
  const watches = wholeNumber('--watches', values.watches, 100_000);
  const scenario: Scenario = {
    seed: wholeNumber('--seed', values.seed, 2 ** 31),
    days: wholeNumber('--days', values.days, 3650),
    watches: Array.from({ length: watches }, (_, number) => number),
    sabotage,
  };
  return { scenario, workers: wholeNumber('--workers', values.workers, 64) };
}

const logProgress = (text: string): void => void process.stderr.write(`${text}\n`);
const print = (text: string): void => void process.stdout.write(`${text}\n`);

async function explain(shards: readonly Scenario[], watch: number | undefined): Promise<void> {
  const shard = shards.find(({ watches }) => watch === undefined || watches.includes(watch));
  if (shard === undefined) return;
  logProgress('looking for the shortest history that fails');
  const { scenario, violations, events, tries } = await shrink(shard, watch, (what) =>
    logProgress(`  ${what}`),
  );
  const { days, watches, without } = scenario;
  const kinds = [...(without ?? [])].join(', ');
  print(`\nThe shortest history that fails, of ${String(tries)} tried: watch ${String(watch ?? 'any')}`);
  print(
    `${String(days)} days, ${String(watches.length)} watches, no ${kinds === '' ? 'fault left out' : kinds}`,
  );
  print(`${events.join('\n')}\n${violations.map((what) => `Broken: ${what}`).join('\n')}`);
}

async function run({ scenario, workers }: Exclude<ReturnType<typeof readOptions>, 'help'>): Promise<number> {
  const startedAt = performance.now();
  const shards = shardsOf(scenario);
  const all = shards.length * (scenario.days + SETTLING / DAY);
  let shown = 0;
  const result = await simulateAll(shards, workers, (days) => {
    const percent = Math.floor((days / all) * 10) * 10;
    if (percent > shown)
      logProgress(`${String(percent)} %  ${((performance.now() - startedAt) / 1000).toFixed(0)} s`);
    shown = Math.max(shown, percent);
  });
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(0);
  const { days, watches, seed } = scenario;
  print(`${String(days)} days, ${String(watches.length)} watches, seed ${String(seed)}: ${seconds} s\n`);
  print(table(result));
  const failures = broken(result);
  const [first] = failures;
  if (first === undefined) return 0;
  for (const { watch, what } of failures.slice(0, 10))
    print(`Broken: watch ${String(watch ?? 'any')}: ${what}`);
  // Prefer a failure of one watch, which can be shrunk to it.
  await explain(shards, (failures.find(({ watch }) => watch !== undefined) ?? first).watch);
  return 1;
}

try {
  const options = readOptions(process.argv.slice(2));
  if (options === 'help') process.stdout.write(HELP);
  else process.exitCode = await run(options);
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  logProgress(`${error.message}\nSee npm run simulate -- --help`);
  process.exitCode = 2;
}
