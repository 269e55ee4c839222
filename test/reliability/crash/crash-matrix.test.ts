/**
 * Kills sync and renew by SIGKILL before the first effect and after each effect in turn. The process starts again, Pub/Sub redelivers, and
 * in the end nothing is lost.
 */
import { afterAll, beforeAll, test } from 'vitest';
import { buildWithSeams } from './build.ts';
import { CLOCK_SCENARIOS } from './clock-scenarios.ts';
import { play, type Played } from './matrix.ts';
import { SCENARIOS } from './scenarios.ts';

const ALL = [...SCENARIOS, ...CLOCK_SCENARIOS];

let built: Awaited<ReturnType<typeof buildWithSeams>>;
const played = new Map<string, Played>();

beforeAll(async () => {
  built = await buildWithSeams();
});
afterAll(async () => {
  await built.remove();
  const all = [...played.values()];
  const rows = Array.from(played, ([name, { points, missed }]) => {
    const notCome = missed.length > 0 ? ` (and ${missed.length} not come to again)` : '';
    return `${String(points.length).padStart(4)}  ${name}${notCome}`;
  });
  const [crashes, losses] = [all.flatMap(({ points }) => points), all.flatMap((each) => each.losses)];
  const size = `${played.size} of ${ALL.length} scenarios, ${crashes.length} crashes, ${losses.length} losses`;
  process.stdout.write(`${['crash matrix: points × scenarios', ...rows, size].join('\n')}\n`);
});

// Each scenario has a cloud of its own, and mostly waits.
test.concurrent.for(ALL)(
  'a process that is killed during $name loses nothing',
  { timeout: 600_000 },
  async (scenario, { expect }) => {
    const result = await play(scenario, built.dist);
    played.set(scenario.name, result);
    expect(result.points.length).toBeGreaterThan(5);
    const chosen = result.points.length + result.missed.length;
    expect(result.missed.length).toBeLessThan(chosen / 4);
    expect(result.losses).toEqual([]);
  },
);
