import type { Actor } from './actor.ts';
import * as z from 'zod';

import { createCalendar } from '../../../functions/calendar/index.ts';
import type { Target } from '../../../functions/calendar/resources.ts';
import { readItems } from '../../local/mirror.ts';
import { until } from '../../local/until.ts';
import { compareItems } from '../../local/verify-mirror.ts';
import { logProgress } from '../../terminal/output.ts';
import { Failure } from '../failure.ts';
import type { Session } from '../session.ts';
import { judgeWatch } from '../verdict.ts';
import { waitFor } from '../wait.ts';
import { judgeNotifications } from './judge.ts';
import type { Played, PlayStep } from './play-step.ts';
import { EXPIRED_TOKEN } from './probes.ts';
import type { TrialOptions } from './run.ts';
import { makeWatch, removeSubscriptions, removeWatch, trialWatch } from './stage.ts';
import { startWitness, type TrialWatch, type Witness } from './witness.ts';

/** A trial with read-only credentials: a person edits an event, and the trial follows it to the mirror and the feed. */

const PLAIN = { singleEvents: false, eventTypes: [] };
const SETTLE_MS = 20_000;

/** Marks a watch of a trial, so that a later trial knows it as its own and removes it. */
const MARK = { trial: true };

/** Whether the user's calendar is mirrored already, and not by an earlier trial. */
async function isMirrored({ firestore }: Session, { id }: TrialWatch): Promise<boolean> {
  const document = await firestore.doc(`watches/${id}`).get();
  return document.exists && document.get('trial') !== true;
}

const updated = z.object({ updated: z.iso.datetime() });

/** Google Calendar as the functions call it. */
const calendarOf = ({ config, firestore }: Session, { tokenStore }: Actor) =>
  createCalendar({ ...config, ...tokenStore }, firestore);

/** Waits for an edit by the user, and compares the event in the mirror with the calendar's. */
async function followEdit(
  session: Session,
  { actor, timeoutSeconds, signal }: TrialOptions,
  watch: TrialWatch,
  witness: Witness,
): Promise<Played> {
  const before = witness.changeCount();
  logProgress(
    `Edit an event in the primary calendar of ${actor.user} within ${String(timeoutSeconds)} s: change its title, say.`,
  );
  const { change, at: feedAt } = await until(() => witness.changeAfter(before), {
    what: 'a change is published. Was an event edited?',
    withinMs: timeoutSeconds * 1_000,
    signal,
  });
  // The time of the edit is Google's; that of a deletion is not known.
  const edit = updated.safeParse(change.after).data;
  const editedAt = edit === undefined ? undefined : Date.parse(edit.updated);
  const since = (at: number | undefined): number | undefined =>
    at === undefined || editedAt === undefined ? undefined : Math.max(0, at - editedAt);

  const client = calendarOf(session, actor);
  const target: Target = { user: actor.user, resource: 'events', calendarId: actor.user };
  let differences: readonly string[] = [];
  const isSame = async (): Promise<boolean> => {
    const answer = await client.get('oauth', target, change.itemId);
    if (!answer.ok)
      throw new Failure(`the event cannot be read: ${answer.problem.reason}`, 'calendar-mirror doctor');
    const items = await readItems(session.firestore.collection(watch.collection));
    const mirrored = items.filter(({ itemId }) => itemId === change.itemId);
    const isGone =
      answer.value === undefined || (answer.value['status'] === 'cancelled' && mirrored.length === 0);
    differences = compareItems(isGone || answer.value === undefined ? [] : [answer.value], mirrored);
    return differences.length === 0;
  };
  const options = { what: 'the mirror equals the calendar', withinMs: SETTLE_MS, everyMs: 500, signal };
  await until(isSame, options).catch((cause: unknown) => {
    signal.throwIfAborted();
    if (differences.length === 0) throw cause;
    throw new Failure(
      `the mirror differs from the calendar: ${differences.join(', ')}`,
      'see the logs of sync',
    );
  });
  const mirrorAt = witness.mirroredAt(watch, change.itemId);
  if (editedAt === undefined) return { says: `event ${change.change}` };
  return {
    hops: {
      notification: since(witness.notifiedAt(watch)),
      mirror: since(mirrorAt ?? feedAt) ?? 0,
      feed: since(feedAt) ?? 0,
    },
    says: `event ${change.change}`,
  };
}

/** @throws what the first step that fails throws, after everything was removed */
export async function runByHand(session: Session, options: TrialOptions, step: PlayStep): Promise<void> {
  const { actor, auth, timeoutSeconds, signal, evidence } = options;
  const watch = trialWatch(actor.user, 'events', actor.user);
  const left = await removeSubscriptions(session);
  const isOurs = !(await isMirrored(session, watch));
  const document = session.firestore.doc(`watches/${watch.id}`);
  if (isOurs && (await document.get()).exists) {
    await step('remove an earlier trial', async (log) => {
      await removeWatch(session, watch, { timeoutSeconds, log });
      return { says: `watches: 1, subscriptions: ${String(left)}` };
    });
  }
  let witness: Witness | undefined;
  const play = async (): Promise<void> => {
    const begun: Witness[] = [];
    await step('watch the primary calendar', async (log) => {
      witness = await startWitness(session, [watch], { timeoutMs: timeoutSeconds * 1_000, signal });
      begun.push(witness);
      if (!isOurs) return { says: 'it is watched already' };
      await document.create(MARK);
      const { at } = await makeWatch(session, watch, auth);
      await waitFor(session, watch.id, timeoutSeconds, (each) => judgeWatch(each, at), {
        signal,
        log,
      });
      return { says: 'its events are mirrored' };
    });
    for (const each of begun)
      await step('an edit by the user', () => followEdit(session, options, watch, each));
    const client = calendarOf(session, actor);
    const target: Target = { user: actor.user, resource: 'events', calendarId: actor.user };
    const answer = await client.list('oauth', target, PLAIN, { syncToken: EXPIRED_TOKEN });
    const reason = answer.ok ? 'accepted' : answer.problem.reason;
    evidence.see('G4', reason === 'fullSyncRequired', reason);
  };
  const [played] = await Promise.allSettled([play()]);
  if (witness !== undefined) {
    judgeNotifications(witness.pushes, witness.counts(), evidence);
    await witness.end();
  }
  const remove = step('remove everything', async (log) => {
    if (isOurs) await removeWatch(session, watch, { timeoutSeconds, log });
    return { says: isOurs ? 'watch, mirror, subscriptions' : 'subscriptions' };
  });
  const [removed] = await Promise.allSettled([remove]);
  for (const each of [played, removed]) if (each.status === 'rejected') throw each.reason;
}
