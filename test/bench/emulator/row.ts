/** The Calendar emulator as a process of its own, with ever larger calendars, and another emulator beside it. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { figure, type Mark, type Result, type Size } from '../figures.ts';
import { eventsOf, OWNER } from './calendar.ts';
import { COMPARED, installComparison, MOST_EVENTS } from './comparison.ts';
import { calendarOf, repeat } from './measurements.ts';
import { NAMES, OPERATIONS } from './operations.ts';
import { buildEmulator, startEmulator, type Subject } from './process.ts';
import { growthOf, type Measured, medianOf, tableOf } from './table.ts';

const NAME = 'google-calendar-emulator';
interface Plan {
  /** Numbers of events. */
  readonly sizes: readonly number[];
  /** The part of each operation's times that are measured. */
  readonly part: number;
  /** How often the emulator is started with a small seed. */
  readonly starts: number;
}

const PLANS: Readonly<Record<Size, Plan>> = {
  full: { sizes: [100, 1_000, 10_000, 100_000], part: 1, starts: 10 },
  tiny: { sizes: [20, 60], part: 0.02, starts: 1 },
};

const own = (main: string): Subject => ({
  argumentsOf: (port, seedFile) => [main, '--port', String(port), '--seed', seedFile],
  seedOf: (events) => ({ users: [{ email: OWNER, calendars: [{ id: OWNER, summary: OWNER, events }] }] }),
  firstPath: '/calendar/v3/users/me/calendarList',
  tokenOf: () => OWNER,
});

/** Measures the start and every operation of an emulator, for each size. */
async function measureAll(
  subject: Subject,
  { sizes, part, starts }: Plan,
  operations: typeof OPERATIONS,
  tell: (line: string) => void,
): Promise<readonly Measured[]> {
  const folder = await mkdtemp(`${tmpdir()}/bench-emulator-`);
  const seedFile = `${folder}/seed.json`;
  const measured: Measured[] = [];
  try {
    for (const events of sizes) {
      await writeFile(seedFile, JSON.stringify(subject.seedOf(eventsOf(events))));
      const startsMs: number[] = [];
      // A start with many events takes long, and varies little.
      for (let start = 1; start < Math.min(starts, 20_000 / events); start += 1) {
        const started = await startEmulator(subject, seedFile);
        startsMs.push(started.startMs);
        await started.stop();
      }
      const emulator = await startEmulator(subject, seedFile);
      startsMs.push(emulator.startMs);
      const ms: Record<string, readonly number[]> = { [NAMES.start]: startsMs };
      try {
        const calendar = calendarOf(emulator, events);
        for (const operation of operations) {
          tell(`  ${String(events)} events: ${operation.name}`);
          const times = Math.max(2, Math.ceil(operation.times * part));
          ms[operation.name] = await repeat(operation.prepare, calendar, times);
        }
        measured.push({ events, ms, memory: await emulator.memory() });
      } finally {
        await emulator.stop();
      }
    }
    return measured;
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The marks of the emulator with the largest calendar. */
function marksOf(sizes: readonly Measured[]): readonly Mark[] {
  const largest = sizes.at(-1);
  if (largest === undefined) throw new Error('nothing was measured');
  const median = (name: string): number => medianOf(largest.ms[name] ?? []);
  const growths = OPERATIONS.filter(({ grows }) => grows !== true).map(
    ({ name, fullFrom }) => growthOf(sizes, name, fullFrom) ?? 0,
  );
  return [
    { what: 'page of 2,500, ms', value: median(NAMES.page), most: 60 },
    { what: 'list of what has changed, ms', value: Math.max(...NAMES.changes.map(median)), most: 5 },
    { what: 'inserts a second, one connection', value: 1000 / median(NAMES.insert), least: 2000 },
    { what: 'inserts a second, eight connections', value: 1000 / median(NAMES.inserts), least: 2000 },
    { what: 'resident memory at most, MiB', value: largest.memory.peak, most: 400 },
    { what: 'a call with ten times the events / with as many', value: 10 ** Math.max(...growths), most: 2 },
  ];
}

export async function measureEmulator(size: Size, tell: (line: string) => void): Promise<Result> {
  const plan = PLANS[size];
  tell(NAME);
  const sizes = await measureAll(own(await buildEmulator()), plan, OPERATIONS, tell);
  const emulators = [{ name: NAME, sizes }];
  const compared = await installComparison(tell);
  try {
    if (compared.subject !== undefined) {
      tell(COMPARED);
      const shared = OPERATIONS.filter((operation) => operation.shared === true);
      const sizesOfBoth = plan.sizes.filter((events) => events <= MOST_EVENTS);
      const measured = await measureAll(compared.subject, { ...plan, sizes: sizesOfBoth }, shared, tell);
      emulators.push({ name: COMPARED, sizes: measured });
    }
  } finally {
    await rm(compared.folder, { recursive: true });
  }
  const { events, ms } = sizes.at(-1) ?? { events: 0, ms: {} };
  return {
    figures: Object.entries(ms).map(([name, values]) =>
      figure(`${name}, ${String(events)} events`, 'ms', values),
    ),
    marks: marksOf(sizes),
    table: tableOf(emulators, Object.fromEntries(OPERATIONS.map(({ name, fullFrom }) => [name, fullFrom]))),
  };
}
