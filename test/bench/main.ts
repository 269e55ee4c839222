/** `npm run bench`: what calendar-mirror costs, measured on this machine. */
import { parseArgs } from 'node:util';
import { build } from '../../infra/build.ts';
import { print, table, tell } from '../../functions/cli/terminal.ts';
import { measureMemory } from './memory.ts';

/** What the smallest instance that sync is deployed to has. */
const MOST_MIB = 256;

const HELP = `Measures how much memory sync takes over a large calendar.

Usage: npm run bench -- [options]

  --events <n>  events in the calendar (default 100000)
  --json        the figures as JSON
  --help        this text

Ends with 1 if sync ever had more than ${MOST_MIB} MiB resident.`;

class UsageError extends Error {}

function readOptions(args: string[]) {
  const options = {
    events: { type: 'string', default: '100000' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  } as const;
  try {
    const { values } = parseArgs({ args, options });
    const events = Number(values.events);
    if (!/^\d+$/.test(values.events) || events < 1 || events > 1_000_000)
      throw new Error(`--events must be a whole number from 1 to 1000000, not '${values.events}'`);
    return { ...values, events };
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

async function run({ events, json, help }: ReturnType<typeof readOptions>): Promise<number> {
  if (help) {
    print(HELP);
    return 0;
  }
  await build();
  const rows = await measureMemory(events, tell);
  if (json) print(JSON.stringify({ memory: rows }));
  else {
    const heading = ['part', 'items', 'changes', 'list calls', 'seconds', 'peak MiB'];
    const cells = rows.map((row) => [
      row.part,
      ...[row.items, row.changes, row.listCalls].map(String),
      ...[row.seconds, row.peakMiB].map((value) => value.toFixed(1)),
    ]);
    print(table([heading, ...cells], [1, 2, 3, 4, 5]));
  }
  return rows.every(({ peakMiB }) => peakMiB <= MOST_MIB) ? 0 : 1;
}

try {
  process.exitCode = await run(readOptions(process.argv.slice(2)));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  tell(`${error.message}\nSee npm run bench -- --help`);
  process.exitCode = 2;
}
