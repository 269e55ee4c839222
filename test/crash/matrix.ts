import { expect } from 'vitest';
import { Timestamp } from '@google-cloud/firestore';
import { verify } from '../../infra/local/verify.ts';
import { eventually } from '../support/cloud.ts';
import { startPipeline, type Pipeline } from '../support/pipeline.ts';
import { nameOf, startControl, type Control, type CrashPoint } from './control.ts';
import { PATIENCE_MS, type Scenario } from './scenarios.ts';
import { SEAMS_URL } from './seams.ts';

/** Plays one scenario once for each point at which a process may die in it, and lets it die there. */

/** What came of a scenario. */
export interface Played {
  /** Where somebody died. */
  readonly points: readonly CrashPoint[];
  /** Points that were passed once and not come to again, as where two functions meet by chance. */
  readonly missed: readonly CrashPoint[];
  /** What is not as it should be in the end, each with the point that led to it. */
  readonly losses: readonly string[];
}

const PAGE = 2;

export async function play(scenario: Scenario, dist: string): Promise<Played> {
  const control = await startControl();
  const seams = (name: 'sync' | 'renew') => ({
    ...scenario.env?.[name],
    [SEAMS_URL]: control.url(name),
  });
  const cloud = await startPipeline({
    dist,
    calendar: { pageLimit: PAGE },
    env: {
      // They start anew after each crash, ten megabytes of code each time.
      all: { NODE_COMPILE_CACHE: `${dist}/compile-cache` },
      sync: seams('sync'),
      renew: seams('renew'),
    },
  });
  try {
    // The cache is written by a process that ends in good order, which none does from here on.
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
    const { differences } = await verify(cloud);
    const losses = differences.map((each) => {
      const point = died.get(each.split(':')[0] ?? '');
      return `${point ? nameOf(point) : 'no crash'}: ${each}`;
    });
    return { points: [...died.values()], missed, losses };
  } finally {
    await cloud[Symbol.asyncDispose]();
    await control.close();
  }
}

/**
 * Where somebody is to die: after each effect. A death before one leaves the same behind as a death after the one that went
 * by last, unless several are under way at once; those too with `CRASH_POINTS=all npx vitest run test/crash`.
 */
function chosen(points: readonly CrashPoint[]): readonly CrashPoint[] {
  if (process.env['CRASH_POINTS'] === 'all') return points;
  return points.filter(({ at }, index) => index === 0 || at.startsWith('after '));
}

/** Whether sync has said its last words about a watch since now. */
function listenFor({ logs }: Pipeline, { lastWords }: Scenario, watch: string): () => boolean {
  const before = logs.length;
  return () =>
    lastWords === undefined ||
    logs.slice(before).some(({ message, fields }) => message === lastWords && fields['watch'] === watch);
}

/** Plays it without a crash, and hands back the points that the dying functions pass. */
async function undisturbed(
  cloud: Pipeline,
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
  await retire(cloud, watch);
  return points;
}

/**
 * Plays it with a crash, and waits until everything is as if there had been none. Hands back the watch, or undefined when the
 * work ended without coming to the point.
 */
async function withCrash(
  cloud: Pipeline,
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
    // The caller of a function that dies hears of it; what it would do then is what the scheduler does: call again.
    await scenario.begin(cloud, watch, user).catch(() => undefined);
    begun = true;
  };
  const beginning = begin();
  await eventually(() => expect(reached || (begun && isOver())).toBe(true), PATIENCE_MS);
  // Left armed, it would hold the next one that comes by, whom nobody ends.
  const died = control.disarm();
  if (died) await cloud.restart(point.function);
  await beginning;
  await comesToRest(cloud, scenario, watch, user, nameOf(point));
  await retire(cloud, watch);
  return died ? watch : undefined;
}

/** Waits until a watch is as it should be, while time passes: whatever is to be looked at later is looked at now. */
async function comesToRest(
  cloud: Pipeline,
  { name, ends }: Scenario,
  watch: string,
  user: string,
  point = 'no crash',
): Promise<void> {
  const settled = async (): Promise<void> => {
    await dueAt(cloud, watch, Date.now() - 1);
    expect(await cloud.renew()).toMatchObject({ failed: 0, remaining: 0 });
    await cloud.processed(watch);
    const { state, channel, sync } = await cloud.status(watch);
    expect(sync).not.toHaveProperty('traversal');
    const live = cloud.live(user).map(({ id }) => id);
    if (ends === 'watched') {
      expect(state).toBe('active');
      expect(live).toEqual([channel?.id]);
    } else {
      expect(state).toBe('removed');
      expect(live).toEqual([]);
      const mirror = await cloud.mirror({ user, resource: 'events', calendarId: user });
      expect(mirror.size).toBe(ends.removedWith);
    }
    const outbox = await cloud.firestore.collection(`watches/${watch}/outbox`).get();
    expect(outbox.size).toBe(0);
  };
  await eventually(settled, PATIENCE_MS).catch((error: unknown) => {
    throw new Error(`${name} does not come to rest after ${point}`, { cause: error });
  });
}

/** Nothing of this watch happens any more, so that what a later one does can be counted. */
const retire = (cloud: Pipeline, watch: string): Promise<void> =>
  dueAt(cloud, watch, Date.now() + 86_400_000);

async function dueAt({ firestore }: Pipeline, watch: string, ms: number): Promise<void> {
  const nextDueAt = Timestamp.fromMillis(ms);
  const { docs } = await firestore.collection('channels').where('watch', '==', watch).get();
  await Promise.all([
    firestore.doc(`watches/${watch}`).update({ nextDueAt }),
    // One that was stopped meanwhile is gone.
    ...docs.map(({ ref }) => ref.update({ nextDueAt }).catch(() => undefined)),
  ]);
}
