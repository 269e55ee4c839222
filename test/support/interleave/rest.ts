import { isDeepStrictEqual } from 'node:util';

import { RESOURCES } from '../../../functions/calendar/resources.ts';
import { readWatch, type Watch } from '../../../functions/mirror/watch.ts';
import { verify } from '../../../infra/local/verify.ts';
import { USER, WATCH, type Lane } from './lane.ts';

/** How the functions bring what was left to an end, and whether the end is as it should be. */

const MOST_ROUNDS = 20;

/** Runs renew, and delivers what is published, until there is nothing to do at this time. */
async function settleNow(lane: Lane): Promise<void> {
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const delivered = await lane.deliverAll();
    const { created, renewed, stopped, polled, failed } = await lane.renew();
    if (delivered + created + renewed + stopped + polled + failed + lane.inbox.length === 0) return;
  }
  throw new Error('the functions do not come to rest');
}

/** Lets time pass from one thing that is due to the next, for `forMs` and as long as anything is. */
async function passTime(lane: Lane, forMs: number): Promise<void> {
  const until = lane.clock.now() + forMs;
  for (;;) {
    const collections = ['watches', 'channels'].map((name) => lane.firestore.collection(name).get());
    const documents = (await Promise.all(collections)).flatMap(({ docs }) => docs);
    const due = Math.min(...documents.map((document): number => document.get('nextDueAt').toMillis()));
    if (due > until) return;
    lane.clock.advance(Math.max(0, due - lane.clock.now()) + 1);
    await settleNow(lane);
  }
}

async function watchNow(lane: Lane): Promise<Watch> {
  const watch = readWatch(await lane.document.get());
  if (watch === undefined) throw new Error('the watch is gone');
  return watch;
}

const problemIf = (wrong: boolean, problem: string): readonly string[] => (wrong ? [problem] : []);

/** What Google has and what is written down about it, beside the one channel that the watch has, if it is to have one. */
async function channelProblems(lane: Lane, { channel }: Watch): Promise<readonly string[]> {
  const { docs } = await lane.firestore.collection('channels').get();
  const written = docs.map((each) => [each.id, each.get('state'), each.get('resourceId')]);
  const expected = channel ? [[channel.id, 'live', channel.resourceId]] : [];
  const live = lane.calendar.channels.list({ user: USER }).filter(({ state }) => state === 'live');
  const liveIds = live.map(({ id }) => id);
  return [
    ...problemIf(
      !isDeepStrictEqual(written, expected),
      `the channels written down are ${JSON.stringify(written)}`,
    ),
    ...problemIf(
      !isDeepStrictEqual(liveIds, channel ? [channel.id] : []),
      `Google has the channels ${liveIds.join(', ')}, and the watch ${channel?.id ?? 'none'}`,
    ),
  ];
}

/** What is not as it should be at rest. */
async function restProblems(lane: Lane, watch: Watch): Promise<readonly string[]> {
  const { calendar, firestore, feed, document } = lane;
  const urls = { calendar: calendar.url };
  const [{ differences }, channels, outbox, seen] = await Promise.all([
    verify({ firestore, urls, feed: { messages: feed, malformed: [] } }),
    channelProblems(lane, watch),
    document.collection('outbox').get(),
    document.collection('seen').get(),
  ]);
  return [
    ...differences,
    ...channels,
    ...problemIf(!outbox.empty, 'changes are left in the outbox'),
    ...problemIf(!seen.empty, 'pages of a full sync are left'),
    ...problemIf(watch.sync.traversal !== undefined, 'a traversal is left'),
  ];
}

/** That the next edit is told on the one channel, and found by incremental lists with what the spec asks for. */
async function nextEditProblems(lane: Lane, watch: Watch): Promise<readonly string[]> {
  const { calendar } = lane;
  const wish = watch.spec.ok ? watch.spec.wish : undefined;
  await lane.pushes();
  calendar.faults.clear();
  const lists = () => calendar.journal.requests({ method: 'calendar.events.list' });
  const made = await lane.insertEvent('next');
  const pushes = await lane.pushes();
  for (const push of pushes) lane.post(push);
  const before = lists().length;
  await lane.deliverAll();
  const queries = lists().slice(before);
  const after = await watchNow(lane);
  const change = lane.feed.find(({ itemId }) => itemId.startsWith(made.id));
  const tell = pushes.map(({ attributes }) => attributes['ce-subject']);
  return [
    ...problemIf(
      !isDeepStrictEqual(tell, [`channels/${watch.channel?.id ?? ''}`]),
      `it is told by ${tell.join(', ')}`,
    ),
    ...problemIf(
      queries.length === 0 || queries.some(({ query }) => query['syncToken'] === undefined),
      'the next edit is found by a full list',
    ),
    ...problemIf(
      queries.some(({ query }) => (query['singleEvents'] === 'true') !== wish?.parameters.singleEvents),
      'the next edit is listed as the spec no longer asks for',
    ),
    ...problemIf(
      watch.channel?.parametersKey !== wish?.parametersKey ||
        after.sync.parametersKey !== wish?.parametersKey,
      'the channel or the token is not for what the spec asks for',
    ),
    ...problemIf(change === undefined, 'the next edit is not announced'),
  ];
}

async function removedProblems(lane: Lane, watch: Watch): Promise<readonly string[]> {
  const collections = RESOURCES.map((resource) => lane.firestore.collectionGroup(resource).count().get());
  const counts = (await Promise.all(collections)).map((each) => each.data().count);
  const claims = await lane.firestore.collection('claims').count().get();
  return [
    ...problemIf(
      counts.some((count) => count > 0),
      'a purge has left items',
    ),
    ...problemIf(claims.data().count > 0, 'a purge has left the claim'),
    ...problemIf(
      watch.collection !== undefined || watch.sync.token !== undefined,
      'a purge has left a cursor',
    ),
  ];
}

/** What a person did to the watch document while others were at it. */
export interface PersonsEdit {
  /** How many looks at the watch there had been before. */
  readonly looks: number;
  readonly asksForLook: boolean;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** What is expected of the time after the race. */
export interface Aftermath {
  /** How long everything that becomes due is done, in ms. */
  readonly forMs: number;
  /** Whether a push has found nothing, so that somebody must look again within that time. */
  readonly followUp: boolean;
}

/**
 * Brings everything to rest and says what is not as it should be then.
 * @throws Error that names everything that is wrong.
 */
export async function expectRest(
  lane: Lane,
  edit: PersonsEdit | undefined,
  { forMs, followUp }: Aftermath,
): Promise<void> {
  await settleNow(lane);
  const looked = edit?.asksForLook !== true || lane.looks.length > edit.looks;
  const before = lane.looks.length;
  await passTime(lane, forMs);
  const followedUp = !followUp || lane.looks.length > before;
  const document = await lane.document.get();
  const watch = readWatch(document);
  if (watch === undefined) throw new Error('the watch is gone');
  const lost = Object.entries(edit?.fields ?? {}).filter(
    ([name, value]) => !isDeepStrictEqual(document.get(name), value),
  );
  const removed = watch.spec.ok && watch.spec.wish.removed !== undefined;
  const problems = [
    ...problemIf(!looked, 'nobody looked at the watch when a person asked for it'),
    ...problemIf(!followedUp, 'the push that found nothing is not followed up'),
    ...problemIf(
      watch.channel !== undefined && watch.channel.id === watch.sync.unannounced,
      'a dead channel is kept',
    ),
    ...lost.map(([name]) => `a person's edit of ${name} is lost`),
    ...problemIf(
      watch.state !== (removed ? 'removed' : 'active'),
      `${WATCH} is ${watch.state} (${watch.reason ?? ''})`,
    ),
    // Before the next edit: the list that finds that one finds what was lost before it as well.
    ...(await restProblems(lane, watch)),
    ...(removed ? await removedProblems(lane, watch) : await nextEditProblems(lane, watch)),
  ];
  if (problems.length > 0) throw new Error(problems.join('\n'));
}
