import { setTimeout as pause } from 'node:timers/promises';

import type { AuthMode } from '../../../functions/calendar/auth/modes.ts';
import { apiAs, type Api } from '../../local/demo/api.ts';
import { readItems } from '../../local/mirror.ts';
import { until } from '../../local/until.ts';
import { compareItems, listItems } from '../../local/verify-mirror.ts';
import { Failure } from '../failure.ts';
import { logProgress } from '../../terminal/output.ts';
import type { Session } from '../session.ts';
import { judgeWatch } from '../verdict.ts';
import { mustFind, waitFor } from '../wait.ts';
import type { Actor } from './actor.ts';
import { followList } from './lists.ts';
import { judgeFeed, judgeNotifications } from './judge.ts';
import type { Evidence } from './evidence.ts';
import type { Played, PlayStep } from './play-step.ts';
import { probeTimeZone } from './probes.ts';
import {
  calendarPath,
  findCalendars,
  makeCalendar,
  makeWatch,
  removeCalendar,
  removeSubscriptions,
  trialWatch,
} from './stage.ts';
import { playEdits } from './steps.ts';
import type { Trial } from './trial.ts';
import { startWitness, type TrialWatch, type Witness } from './witness.ts';

/** Plays a trial with a calendar of its own, and removes everything that it made. */

export interface TrialOptions {
  readonly actor: Actor;
  /** The watches' own credentials, undefined for those of the deployment. */
  readonly auth: AuthMode | undefined;
  readonly timeoutSeconds: number;
  readonly signal: AbortSignal;
  readonly evidence: Evidence;
}

/** The most attempts of a call, with growing pauses: Google limits quick edits. */
const ATTEMPTS = 6;
/** How long the mirror may differ from the calendar after an edit has arrived. */
const SETTLE_MS = 20_000;

/** Compares the mirror of both watches with the calendar, item by item. @throws {Failure} if they still differ after a while */
async function compareWithCalendar(
  { session, actor, events, acl }: Trial,
  signal: AbortSignal,
): Promise<void> {
  let differences: readonly string[] = [];
  const compare = async ({ spec, collection }: TrialWatch): Promise<readonly string[]> =>
    compareItems(
      await listItems(actor.calendarUrl, spec, await actor.token()),
      await readItems(session.firestore.collection(collection)),
    );
  const isSame = async (): Promise<boolean> => {
    differences = (await Promise.all([compare(events), compare(acl)])).flat();
    return differences.length === 0;
  };
  const options = { what: 'the mirror equals the calendar', withinMs: SETTLE_MS, everyMs: 250, signal };
  await until(isSame, options).catch((cause: unknown) => {
    signal.throwIfAborted();
    if (differences.length === 0) throw cause;
    const details = differences.slice(0, 20);
    throw new Failure(`the mirror differs from the calendar: ${details[0] ?? ''}`, 'see the logs of sync', {
      details: details.slice(1),
      cause,
    });
  });
}

/** Compares the feed with the mirror. @throws {Failure} if the feed is not the history of the mirror */
async function compareFeed({ session, witness, evidence, events, acl }: Trial): Promise<Played> {
  const feedOf = async (watch: TrialWatch) => ({
    watch: { id: watch.id, sequence: (await mustFind(session, watch.id)).watch.sync.sequence },
    messages: witness.messages(watch),
    items: await readItems(session.firestore.collection(watch.collection)),
  });
  const feeds = await Promise.all([events, acl].map(feedOf));
  const [first, ...details] = judgeFeed(feeds, evidence);
  if (first !== undefined)
    throw new Failure(`the feed differs from the mirror: ${first}`, 'see the logs of sync', { details });
  return { says: `${String(witness.changeCount())} messages, without a gap` };
}

/** Removes what earlier trials have left behind. */
async function removeRemains(
  session: Session,
  api: Api,
  { actor, timeoutSeconds }: TrialOptions,
  step: PlayStep,
): Promise<void> {
  const calendars = await findCalendars(session, api);
  const subscriptions = await removeSubscriptions(session);
  if (calendars.length + subscriptions === 0) return;
  await step('remove an earlier trial', async (log) => {
    for (const calendarId of calendars)
      await removeCalendar(session, api, { user: actor.user, calendarId, timeoutSeconds, log });
    return { says: `calendars: ${String(calendars.length)}, subscriptions: ${String(subscriptions)}` };
  });
}

/** Shares the trial's calendar with the account of renew, which opens the channels. */
async function shareWithRenew({ actor, api }: Names, calendarId: string): Promise<void> {
  if (actor.sharedWith === undefined) return;
  const rule = { role: 'owner', scope: { type: 'user', value: actor.sharedWith } };
  await api.insert(`${calendarPath(calendarId, '/acl')}?sendNotifications=false`, rule);
}

interface Names {
  readonly session: Session;
  readonly actor: Actor;
  readonly api: Api;
  /** Is not aborted by Ctrl-C: it removes what was made. */
  readonly remover: Api;
}

/** Time between two checks of a watch that Google opens no channel for. */
const RECHECK_MS = 5_000;

/**
 * Creates a watch and waits until it has a channel. It may take a moment until the account of renew can see a calendar that was just
 * shared with it, so a failed watch is checked again for as long as an edit may take.
 */
async function activate(
  session: Session,
  { auth, timeoutSeconds, signal }: TrialOptions,
  watch: TrialWatch,
  log: (text: string) => void,
): Promise<void> {
  const deadline = Date.now() + timeoutSeconds * 1_000;
  const next = 'run calendar-mirror doctor, then trial again';
  for (let { at } = await makeWatch(session, watch, auth); ;) {
    const asked = at;
    const waiting = waitFor(session, watch.id, timeoutSeconds, (each) => judgeWatch(each, asked), {
      signal,
      log,
    });
    const [result] = await Promise.allSettled([waiting]);
    signal.throwIfAborted();
    if (result.status === 'fulfilled' && result.value.watch.state === 'active') return;
    if (Date.now() > deadline) {
      if (result.status === 'rejected') throw result.reason;
      const { reason, state } = result.value.watch;
      throw new Failure(`Google opens no channel: ${reason ?? state}`, next);
    }
    await pause(RECHECK_MS, undefined, { signal });
    ({ at } = (await session.admin.requestCheck(watch.id)) ?? { at });
  }
}

/** Watches the calendar, waits until both watches have a channel, and returns the trial. */
async function beginTrial(
  { session, actor, api }: Names,
  options: TrialOptions,
  calendarId: string,
  witness: Witness,
  [events, acl]: readonly [TrialWatch, TrialWatch],
  log: (text: string) => void,
): Promise<Trial> {
  for (const watch of [events, acl]) await activate(session, options, watch, log);
  const [eventList, ruleList] = await Promise.all([
    followList(api, calendarPath(calendarId, '/events')),
    followList(api, calendarPath(calendarId, '/acl')),
  ]);
  const lists = { events: eventList, acl: ruleList };
  const { evidence, signal } = options;
  const timeoutMs = options.timeoutSeconds * 1_000;
  return { session, actor, api, calendarId, events, acl, witness, evidence, lists, timeoutMs, signal };
}

/**
 * Plays a trial.
 * @throws what the first step that fails throws, after everything was removed
 */
export async function runTrial(session: Session, options: TrialOptions, step: PlayStep): Promise<void> {
  const { actor, timeoutSeconds, signal, evidence } = options;
  const { calendarUrl, user, token } = actor;
  const api = apiAs(calendarUrl, user, { token, signal, attempts: ATTEMPTS });
  const remover = apiAs(calendarUrl, user, { token, attempts: ATTEMPTS });
  const names = { session, actor, api, remover };
  await removeRemains(session, remover, options, step);
  let calendarId = '';
  let witness: Witness | undefined;
  const play = async (): Promise<void> => {
    signal.throwIfAborted();
    await step('create a calendar', async () => {
      // Not aborted: a calendar whose id is not known could not be removed.
      calendarId = await makeCalendar(session, remover);
      await shareWithRenew(names, calendarId);
      return { says: 'of its own' };
    });
    const watches = [trialWatch(user, 'events', calendarId), trialWatch(user, 'acl', calendarId)] as const;
    const begun: Trial[] = [];
    await step('watch its events and ACL rules', async (progress) => {
      witness = await startWitness(session, watches, { timeoutMs: timeoutSeconds * 1_000, signal });
      begun.push(await beginTrial(names, options, calendarId, witness, watches, progress));
      return { says: 'both have a channel' };
    });
    for (const trial of begun) {
      await playEdits(trial, (title, run) =>
        step(title, async (progress) => {
          const played = await run(progress);
          await compareWithCalendar(trial, signal);
          return played;
        }),
      );
      await step('compare mirror and feed', () => compareFeed(trial));
      await probeTimeZone(trial);
    }
  };
  const [played] = await Promise.allSettled([play()]);
  if (witness !== undefined) {
    judgeNotifications(witness.pushes, witness.counts(), evidence);
    await witness.end();
  }
  if (signal.aborted)
    logProgress('Removing what the trial made. Press Ctrl-C again to leave it to the next trial.');
  const remove = step('remove everything', async (log) => {
    if (calendarId !== '') await removeCalendar(session, remover, { user, calendarId, timeoutSeconds, log });
    return { says: 'calendar, watches, mirror, subscriptions' };
  });
  const [removed] = await Promise.allSettled([remove]);
  for (const each of [played, removed]) if (each.status === 'rejected') throw each.reason;
}
