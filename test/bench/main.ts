/** `npm run bench`: measures on this machine how fast and how cheap calendar-mirror is, beside the alternatives. */
import { parseArgs } from 'node:util';
import { build } from '../../infra/build/functions.ts';
import { findOrStartEmulators } from '../../infra/local/emulators.ts';
import { printResult, logProgress } from '../../infra/terminal/output.ts';
import type { Result, Size } from './figures.ts';
import { allMet, markdown, ownTables } from './report.ts';
import { ROWS } from './rows.ts';

const HELP = `Measures speed and cost on this machine, each figure beside its comparison in the same run.

Usage: npm run bench -- [rows…] [options]

Rows (all by default):
${ROWS.map(({ name, about }) => `  ${name.padEnd(12)} ${about}`).join('\n')}

  --json   the figures as JSON instead of a Markdown table
  --tiny   as little as shows that each row works; the figures mean nothing
  --help   this text

Ends with 1 where a mark is missed. Nothing else should run on the machine meanwhile.`;

class UsageError extends Error {}

function readOptions(args: string[]) {
  const boolean = { type: 'boolean', default: false } as const;
  try {
    const options = { json: boolean, tiny: boolean, help: boolean };
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
    const unknown = positionals.find((name) => !ROWS.some((row) => row.name === name));
    if (unknown !== undefined) throw new Error(`unknown row '${unknown}'`);
    return {
      ...values,
      rows: ROWS.filter(({ name }) => positionals.length === 0 || positionals.includes(name)),
    };
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

/** Builds the functions, and finds or starts the emulators of Firestore and Pub/Sub. */
async function prepareCloud() {
  await build();
  const emulators = await findOrStartEmulators();
  // Google's clients read them, here and in the functions that are measured.
  process.env['FIRESTORE_EMULATOR_HOST'] = emulators.firestoreHost;
  process.env['PUBSUB_EMULATOR_HOST'] = emulators.pubsubHost;
  process.env['METADATA_SERVER_DETECTION'] = 'none';
  return emulators;
}

async function run({ rows, json, tiny, help }: ReturnType<typeof readOptions>): Promise<number> {
  if (help) {
    printResult(HELP);
    return 0;
  }
  const size: Size = tiny ? 'tiny' : 'full';
  const cloud = rows.every(({ standsAlone }) => standsAlone === true) ? undefined : await prepareCloud();
  const results: Record<string, Result> = {};
  try {
    for (const row of rows) {
      logProgress(`${row.name}: ${row.about}`);
      results[row.name] = await row.measure(size, logProgress);
    }
  } finally {
    await cloud?.stop();
  }
  printResult(
    json ? JSON.stringify(results, null, 2) : [markdown(results), ...ownTables(results)].join('\n\n'),
  );
  return allMet(results) || tiny ? 0 : 1;
}

try {
  process.exitCode = await run(readOptions(process.argv.slice(2)));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  logProgress(`${error.message}\nSee npm run bench -- --help`);
  process.exitCode = 2;
}
