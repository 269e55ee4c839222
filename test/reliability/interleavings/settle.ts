import { isDeepStrictEqual } from 'node:util';

import * as z from 'zod';

import { RESOURCES } from '../../../functions/calendar/resources.ts';
import { readWatch, type Watch } from '../../../functions/watches/watch.ts';
import { verify } from '../../../infra/local/verify.ts';
import { hasComputedFields } from '../../support/derived-fields.ts';
import { USER, WATCH, type Bench } from './bench.ts';

/** Runs the functions until nothing is left to do, and checks the state then. */

const MOST_ROUNDS = 20;

/** Runs renew and delivers what is published, until nothing is left to do at this time. */
async function settleNow(bench: Bench): Promise<void> {
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const delivered = await bench.deliverAll();
    const { created, renewed, stopped, polled, failed } = await bench.renew();
    if (delivered + created + renewed + stopped + polled + failed + bench.inbox.length === 0) return;
  }
  throw new Error('the functions do not settle');
}

/** Advances the clock from one due check to the next, or by `stepMs` if that is longer, for `forMs`. */
async function passTime(bench: Bench, forMs: number, stepMs: number): Promise<void> {
  const until = bench.clock.now() + forMs;
  for (;;) {
    const collections = ['watches', 'channels'].map((name) => bench.firestore.collection(name).get());
    const documents = (await Promise.all(collections)).flatMap(({ docs }) => docs);
    const due = Math.min(...documents.map((document): number => document.get('nextDueAt').toMillis()));
    if (due > until) return;
    bench.clock.advance(Math.max(stepMs, due - bench.clock.now()) + 1);
    await settleNow(bench);
  }
}

async function watchNow(bench: Bench): Promise<Watch> {
  const watch = readWatch(await bench.document.get());
  if (watch === undefined) throw new Error('the watch is gone');
  return watch;
}

const problemIf = (wrong: boolean, problem: string): readonly string[] => (wrong ? [problem] : []);

/** Compares Google's channels and the stored ones with the watch's one. */
async function channelProblems(bench: Bench, { channel }: Watch): Promise<readonly string[]> {
  const { docs } = await bench.firestore.collection('channels').get();
  const stored = docs.map((each) => [each.id, each.get('state'), each.get('resourceId')]);
  const expected = channel ? [[channel.id, 'live', channel.resourceId]] : [];
  const live = bench.calendar.channels.list({ user: USER }).filter(({ state }) => state === 'live');
  const liveIds = live.map(({ id }) => id);
  return [
    ...problemIf(!isDeepStrictEqual(stored, expected), `the stored channels are ${JSON.stringify(stored)}`),
    ...problemIf(
      !isDeepStrictEqual(liveIds, channel ? [channel.id] : []),
      `Google has the channels ${liveIds.join(', ')}, and the watch ${channel?.id ?? 'none'}`,
    ),
  ];
}

/** Finds events that name another watch, whose derived fields do not match the calendar's time zone, or whose sequence is not the last one announced. */
async function itemProblems({ calendar, feed, firestore }: Bench, watch: string): Promise<readonly string[]> {
  const headers = { authorization: `Bearer ${USER}` };
  const answer = await fetch(`${calendar.url}/calendar/v3/calendars/${USER}`, { headers });
  const { timeZone } = z.object({ timeZone: z.string() }).parse(await answer.json());
  const target = { user: USER, resource: 'events', calendarId: USER } as const;
  const expected = { watch, target, timeZone };
  const { docs } = await firestore.collectionGroup('events').get();
  return docs.flatMap((document) => {
    const number: unknown = document.get('sequence');
    const highest = Math.max(
      ...feed.filter(({ itemId }) => itemId === document.id).map(({ sequence }) => sequence),
    );
    return [
      ...problemIf(
        !hasComputedFields(document.data(), document.id, expected),
        `fields of ${document.id} are not those of ${watch} in the zone ${timeZone}`,
      ),
      // A consumer that ignores lower numbers would not have this state.
      ...problemIf(number !== highest, `${document.id} has number ${String(number)}, not ${String(highest)}`),
    ];
  });
}

/** Checks mirror, feed, channels, outbox and seen pages. */
async function storeProblems(bench: Bench, watch: Watch): Promise<readonly string[]> {
  const { calendar, firestore, feed, about } = bench;
  const urls = { calendar: calendar.url };
  const [{ differences }, items, channels, outbox, seen] = await Promise.all([
    verify({ firestore, urls, feed: { messages: feed, about, malformed: [] } }),
    itemProblems(bench, watch.id),
    channelProblems(bench, watch),
    // Of every watch, including one whose collection was taken over.
    firestore.collectionGroup('outbox').get(),
    firestore.collectionGroup('seen').get(),
  ]);
  return [
    ...differences,
    ...items,
    ...channels,
    ...problemIf(!outbox.empty, 'changes are left in the outbox'),
    ...problemIf(!seen.empty, 'pages of a full sync are left'),
    ...problemIf(watch.sync.traversal !== undefined, 'a traversal is left'),
  ];
}

/** Checks that the next edit is pushed on the watch's channel, and found by an incremental list with the spec's parameters. */
async function nextEditProblems(bench: Bench, watch: Watch): Promise<readonly string[]> {
  const { calendar } = bench;
  const watchSpec = watch.spec.ok ? watch.spec.value : undefined;
  await bench.pushes();
  calendar.faults.clear();
  const lists = () => calendar.journal.requests({ method: 'calendar.events.list' });
  const made = await bench.insertEvent('next');
  const pushes = await bench.pushes();
  for (const push of pushes) bench.post(push);
  const before = lists().length;
  await bench.deliverAll();
  const queries = lists().slice(before);
  const after = await watchNow(bench);
  const change = bench.feed.find(({ itemId }) => itemId.startsWith(made.id));
  const pushedBy = pushes.map(({ attributes }) => attributes['ce-subject']);
  return [
    ...problemIf(
      !isDeepStrictEqual(pushedBy, [`channels/${watch.channel?.id ?? ''}`]),
      `it is pushed by ${pushedBy.join(', ')}`,
    ),
    ...problemIf(
      queries.length === 0 || queries.some(({ query }) => query['syncToken'] === undefined),
      'the next edit is found by a full list',
    ),
    ...problemIf(
      queries.some(({ query }) => (query['singleEvents'] === 'true') !== watchSpec?.parameters.singleEvents),
      'the next edit is listed as the spec no longer asks for',
    ),
    ...problemIf(
      watch.channel?.parametersKey !== watchSpec?.parametersKey ||
        after.sync.parametersKey !== watchSpec?.parametersKey,
      'the channel or the token is not for what the spec asks for',
    ),
    ...problemIf(change === undefined, 'the next edit is not announced'),
  ];
}

async function removedProblems(bench: Bench, watch: Watch): Promise<readonly string[]> {
  const collections = RESOURCES.map((resource) => bench.firestore.collectionGroup(resource).count().get());
  const counts = (await Promise.all(collections)).map((each) => each.data().count);
  return [
    ...problemIf(
      counts.some((count) => count > 0),
      'a purge has left items',
    ),
    ...problemIf(
      watch.collection !== undefined || watch.sync.token !== undefined,
      'a purge has left the collection claimed, or a cursor',
    ),
  ];
}

/** A user's edit of the watch document during the race. */
export interface UserEdit {
  /** How many checks of the watch there were before. */
  readonly checks: number;
  readonly requestsCheck: boolean;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** What happens after the race. */
export interface Settling {
  /** How long the functions go on, in ms. */
  readonly forMs: number;
  /** At least how long renew does not run in between, in ms. */
  readonly stepMs?: number;
  /** Whether a push found nothing, so that a follow-up poll must come within that time. */
  readonly followUp: boolean;
}

/**
 * Runs the functions until everything has settled, and checks the state then.
 * @throws Error that names every problem.
 */
export async function expectSettled(
  bench: Bench,
  edit: UserEdit | undefined,
  { forMs, stepMs = 0, followUp }: Settling,
): Promise<void> {
  await settleNow(bench);
  const checked = edit?.requestsCheck !== true || bench.checks() > edit.checks;
  const before = bench.checks();
  await passTime(bench, forMs, stepMs);
  const followedUp = !followUp || bench.checks() > before;
  const document = await bench.document.get();
  const watch = readWatch(document);
  if (watch === undefined) throw new Error('the watch is gone');
  const lost = Object.entries(edit?.fields ?? {}).filter(
    ([name, value]) => !isDeepStrictEqual(document.get(name), value),
  );
  const removed = watch.spec.ok && watch.spec.value.removed !== undefined;
  const problems = [
    ...problemIf(!checked, 'a check that a user requested is lost'),
    ...problemIf(!followedUp, 'the push that found nothing is not followed up'),
    ...problemIf(
      watch.channel !== undefined && watch.channel.id === watch.sync.suspectChannelId,
      'a dead channel is kept',
    ),
    ...lost.map(([name]) => `a user's edit of ${name} is lost`),
    ...problemIf(
      watch.state !== (removed ? 'removed' : 'active'),
      `${WATCH} is ${watch.state} (${watch.reason ?? ''})`,
    ),
    // Before the next edit, whose sync would also find what was lost.
    ...(await storeProblems(bench, watch)),
    ...(removed ? await removedProblems(bench, watch) : await nextEditProblems(bench, watch)),
  ];
  if (problems.length > 0) throw new Error(problems.join('\n'));
}
