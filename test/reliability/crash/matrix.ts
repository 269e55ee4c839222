import { expect } from 'vitest';
import { Timestamp } from '@google-cloud/firestore';
import { verify } from '../../../infra/local/verify.ts';
import { eventually } from '../../support/eventually.ts';
import { startPipeline, type Pipeline } from '../../support/pipeline.ts';
import { followMoments, type CrashCloud } from './moments.ts';
import { nameOf, startControl, type Control, type CrashPoint } from './control.ts';
import type { Scenario } from './scenarios.ts';
import { SEAMS_URL } from './seams.ts';
import { PATIENCE_MS } from './stages.ts';
import { followStates } from './states.ts';

/** Runs a scenario once for each point at which a process may die, and kills the process there. */

/** The result of a scenario. */
export interface Played {
  /** The points at which a process died. */
  readonly points: readonly CrashPoint[];
  /** Points that were reached once but not again, as where two functions meet by chance. */
  readonly missed: readonly CrashPoint[];
  /** What is wrong in the end, each with the point that led to it. */
  readonly losses: readonly string[];
}

const PAGE = 2;
/** How long the feed may take to deliver what is published. Pub/Sub may redeliver up to a minute later what a killed process held. */
const DELIVERED_MS = 120_000;

export async function play(scenario: Scenario, dist: string): Promise<Played> {
  const control = await startControl();
  const seams = (name: 'sync' | 'renew') => ({
    ...scenario.env?.[name],
    [SEAMS_URL]: control.url(name),
  });
  const pipeline = await startPipeline({
    dist,
    calendar: { pageLimit: PAGE },
    env: {
      // Functions restart after each crash, and each time load ten megabytes of code.
      all: { NODE_COMPILE_CACHE: `${dist}/compile-cache` },
      sync: seams('sync'),
      renew: seams('renew'),
    },
  });
  const moments = await followMoments(pipeline);
  const cloud = { ...pipeline, moments };
  const states = followStates(cloud.firestore);
  const losses = async (): Promise<readonly string[]> => [
    ...(await verify(cloud)).differences,
    ...states.untold(cloud.feed.about),
  ];
  try {
    // Node.js writes the compile cache when a process exits normally, which none does after this.
    for (const name of scenario.dying) {
      await cloud.end(name);
      await cloud.restart(name);
    }
    const died = new Map<string, CrashPoint>();
    const missed: CrashPoint[] = [];
    for (const point of chosen(await undisturbed(cloud, control, scenario))) {
      const watch =
        (await withCrash(cloud, control, scenario, point)) ??
        (await withCrash(cloud, control, scenario, point));
      if (watch === undefined) missed.push(point);
      else died.set(watch, point);
    }
    // The latest messages may still be on their way.
    await eventually(async () => expect(await losses()).toEqual([]), DELIVERED_MS).catch(() => undefined);
    const named = (await losses()).map((each) => {
      const point = died.get(each.split(':')[0] ?? '');
      return `${point ? nameOf(point) : 'no crash'}: ${each}`;
    });
    return { points: [...died.values()], missed, losses: named };
  } finally {
    states.end();
    await moments.end();
    await cloud[Symbol.asyncDispose]();
    await control.close();
  }
}

/**
 * Returns the points to die at: after each effect. A death before an effect leaves the same state as a death after the one before, unless
 * several are under way at once; `CRASH_POINTS=all npx vitest run test/reliability/crash` includes those too.
 */
function chosen(points: readonly CrashPoint[]): readonly CrashPoint[] {
  if (process.env['CRASH_POINTS'] === 'all') return points;
  return points.filter(({ at }, index) => index === 0 || at.startsWith('after '));
}

/** Returns a function that tells whether sync has logged the scenario's last message about a watch since now. */
function listenFor({ logs }: CrashCloud, { lastWords }: Scenario, watch: string): () => boolean {
  const before = logs.length;
  return () =>
    lastWords === undefined ||
    logs.slice(before).some(({ message, fields }) => message === lastWords && fields['watch'] === watch);
}

/** Runs the scenario without a crash; returns the points that the functions reach. */
async function undisturbed(
  cloud: CrashCloud,
  control: Control,
  scenario: Scenario,
): Promise<readonly CrashPoint[]> {
  const user = cloud.newUser();
  const watch = await scenario.prepare(cloud, user);
  const passed = control.record();
  const isOver = listenFor(cloud, scenario, watch);
  await scenario.begin(cloud, watch, user);
  await eventually(() => expect(isOver()).toBe(true), PATIENCE_MS);
  const points = passed().filter((point) => scenario.dying.includes(point.function));
  await comesToRest(cloud, scenario, watch, user);
  await retire(cloud, user);
  return points;
}

/**
 * Runs the scenario with a crash, and waits until the state is as if there had been none. Returns the watch, or undefined if the work ended
 * without reaching the point.
 */
async function withCrash(
  cloud: CrashCloud,
  control: Control,
  scenario: Scenario,
  point: CrashPoint,
): Promise<string | undefined> {
  const user = cloud.newUser();
  const watch = await scenario.prepare(cloud, user);
  let [reached, begun] = [false, false];
  const isOver = listenFor(cloud, scenario, watch);
  void control.arm(point).then(() => (reached = true));
  const begin = async (): Promise<void> => {
    // The caller of a function that dies gets an error, and calls again, as the scheduler does.
    await scenario.begin(cloud, watch, user).catch(() => undefined);
    begun = true;
  };
  const beginning = begin();
  await eventually(() => expect(reached || (begun && isOver())).toBe(true), PATIENCE_MS);
  // If it stayed armed, it would hold a later process, which nothing would kill.
  const died = control.disarm();
  if (died) await cloud.restart(point.function);
  await beginning;
  await comesToRest(cloud, scenario, watch, user, nameOf(point));
  await retire(cloud, user);
  return died ? watch : undefined;
}

/** Waits until a watch is in order; checks that are due later are made due now. */
async function comesToRest(
  cloud: CrashCloud,
  { name, ends, holds }: Scenario,
  watch: string,
  user: string,
  point = 'no crash',
): Promise<void> {
  const settled = async (): Promise<void> => {
    await dueAt(cloud, user, Date.now() - 1);
    expect(await cloud.renew()).toMatchObject({ failed: 0, remaining: 0 });
    const watches = (await watchesOf(cloud, user)).map(({ id }) => id);
    // Sync says nothing of a notification for a watch that has no collection.
    const synced = watches.filter((each) => ends !== 'paused' || each !== watch);
    await Promise.all(synced.map((each) => cloud.processed(each)));
    const { state, channel, sync } = await cloud.status(watch);
    expect(sync ?? {}).not.toHaveProperty('traversal');
    const live = cloud.live(user).map(({ id }) => id);
    if (typeof ends === 'string') {
      expect(state).toBe(ends === 'watched' ? 'active' : ends);
      if (ends === 'watched') expect(live).toEqual([channel?.id]);
      else expect(channel).toBeUndefined();
    } else {
      expect(state).toBe('removed');
      expect(live).toEqual([]);
      const mirror = await cloud.mirror({ user, resource: 'events', calendarId: user });
      expect(mirror.size).toBe(ends.removedWith);
    }
    for (const each of watches) {
      const outbox = await cloud.firestore.collection(`watches/${each}/outbox`).get();
      expect(outbox.size).toBe(0);
    }
    await holds?.(cloud, watch, user);
  };
  await eventually(settled, PATIENCE_MS).catch((error: unknown) => {
    throw new Error(`${name} does not come to rest after ${point}`, { cause: error });
  });
}

/** Stops all work for this user, so that the effects of a later one can be counted. */
const retire = (cloud: CrashCloud, user: string): Promise<void> =>
  dueAt(cloud, user, Date.now() + 86_400_000);

const watchesOf = async ({ firestore }: Pipeline, user: string) =>
  (await firestore.collection('watches').where('spec.user', '==', user).get()).docs;

async function dueAt(cloud: CrashCloud, user: string, ms: number): Promise<void> {
  const nextDueAt = Timestamp.fromMillis(ms);
  const watches = await watchesOf(cloud, user);
  const ids = watches.map(({ id }) => id);
  const { docs } = await cloud.firestore.collection('channels').where('watch', 'in', ids).get();
  await Promise.all([
    ...watches.map(({ ref }) => ref.update({ nextDueAt })),
    // A channel that was stopped meanwhile does not exist.
    ...docs.map(({ ref }) => ref.update({ nextDueAt }).catch(() => undefined)),
  ]);
}
