/** Whether a watch costs the same however many there are in a deployment, in virtual time, with edits and faults. */
import { DAY } from '../reliability/simulation/scenario.ts';
import { simulate } from '../reliability/simulation/simulate.ts';
import { figure, type Figure, type Result, type Size } from './figures.ts';

/** Returns the calls of Google per watch and day in a deployment of `watches`, and the ms that a thread takes to simulate one. */
async function simulated(watches: number): Promise<{ readonly calls: Figure; readonly ms: Figure }> {
  const numbers = Array.from({ length: watches }, (_, number) => number);
  const startedAt = performance.now();
  const { watches: results } = await simulate({ seed: 1, days: 1, watches: numbers });
  const ms = (performance.now() - startedAt) / watches;
  const all = results
    .filter(({ pushable, wantedMs }) => pushable && wantedMs >= DAY)
    .map(({ calls, wantedMs }) => ((calls.list + calls.watch + calls.stop) * DAY) / wantedMs);
  const what = `${watches} watches in one deployment`;
  return {
    calls: figure(`${what}: calls for one, a day`, '', all),
    ms: figure(`${what}: simulated, each`, 'ms', [ms]),
  };
}

/** Simulates ever larger deployments. The row `cost` shows what a calendar costs as it grows. */
export async function measureGrowth(size: Size, tell: (line: string) => void): Promise<Result> {
  const counts = size === 'full' ? [100, 1_000, 10_000] : [10, 20];
  const rows: Awaited<ReturnType<typeof simulated>>[] = [];
  for (const watches of counts) {
    tell(`${watches} watches, simulated`);
    rows.push(await simulated(watches));
  }
  const [fewest, most] = [rows.at(0), rows.at(-1)];
  if (fewest === undefined || most === undefined) throw new Error('nothing was simulated');
  return {
    figures: rows.flatMap(({ calls, ms }) => [calls, ms]),
    marks: [
      {
        what: `calls for a watch, ${counts.at(-1) ?? 0} watches / ${counts[0] ?? 0}`,
        value: most.calls.median / fewest.calls.median,
        most: 1.1,
      },
    ],
  };
}
