import { collectionPath, claimPath } from '../../../functions/firestore/paths.ts';
import { parseSpec } from '../../../functions/watches/spec.ts';
import { epochPath } from '../../../functions/watches/epochs.ts';
import type { SpecInput } from '../../../functions/watches/watch-admin.ts';
import { watchIdOf } from '../../../functions/watches/watch-id.ts';
import type { Api } from '../../local/demo/api.ts';
import { until } from '../../local/until.ts';
import { Failure } from '../failure.ts';
import type { Session } from '../session.ts';
import { judgeRemoval } from '../verdict.ts';
import { waitFor } from '../wait.ts';
import { listAll } from './lists.ts';
import { SUBSCRIPTIONS, type TrialWatch } from './witness.ts';

/** Everything that a trial makes, and how it is removed: its calendar, its watches, its subscriptions. */

const SUMMARY = 'calendar-mirror trial';
export const TIME_ZONE = 'Europe/Berlin';

/** Marks the calendar of a trial of this deployment, so that a later trial finds it. */
const markOf = ({ config }: Session): string =>
  `A calendar of "calendar-mirror trial" for ${config.GOOGLE_CLOUD_PROJECT}/${config.FIRESTORE_DATABASE}. It can be deleted.`;

/** Returns the path of a calendar, or of something below it, in the Calendar API. */
export const calendarPath = (calendarId: string, below = ''): string =>
  `calendars/${encodeURIComponent(calendarId)}${below}`;

/** How long to wait for renew and sync, and where to tell of it. */
interface Waiting {
  readonly timeoutSeconds: number;
  readonly log: (text: string) => void;
}

/** Creates the trial's calendar, and returns its id. */
export async function makeCalendar(session: Session, api: Api): Promise<string> {
  const body = { summary: SUMMARY, description: markOf(session), timeZone: TIME_ZONE };
  return (await api.insert('calendars', body)).id;
}

/** Returns the calendars that earlier trials of this deployment have left behind. */
export async function findCalendars(session: Session, api: Api): Promise<readonly string[]> {
  const { items } = await listAll(api, 'users/me/calendarList', { showHidden: 'true', maxResults: '250' });
  const mark = markOf(session);
  return items
    .filter(
      (item) => item['description'] === mark && item['accessRole'] === 'owner' && item['primary'] !== true,
    )
    .map(({ id }) => id);
}

/** Returns a watch of a user's calendar, under its default id. It is not created. */
export function trialWatch(user: string, resource: 'events' | 'acl', calendarId: string): TrialWatch {
  const spec = { user, resource, calendarId };
  return { id: watchIdOf(spec), spec, collection: collectionPath(spec) };
}

/** Creates a watch. @throws {Failure} if another one mirrors its collection */
export async function makeWatch(
  { admin }: Session,
  { spec }: TrialWatch,
  auth: SpecInput['auth'],
): Promise<{ readonly id: string; readonly at: number }> {
  const input = { ...spec, ...(auth === undefined ? {} : { auth }) } satisfies SpecInput;
  const parsed = parseSpec(input);
  if (!parsed.ok) throw new Failure(parsed.problem, 'give another --user');
  const written = await admin.upsertWatch(input, parsed.value);
  if (written.outcome === 'written') return written;
  throw new Failure('another watch has the id of the trial’s', 'run calendar-mirror list');
}

/**
 * Removes a watch with its items and channel, and every trace of it, if it exists. Waits for renew and sync.
 * @throws {Failure} if they do not remove it in time
 */
export async function removeWatch(
  session: Session,
  watch: TrialWatch,
  { timeoutSeconds, log }: Waiting,
): Promise<void> {
  const { admin, firestore } = session;
  const document = firestore.doc(`watches/${watch.id}`);
  const before = await admin.findWatch(watch.id);
  if (before?.ok === true && before.watch.spec.ok) {
    const asked = await admin.requestRemoval(watch.id, 'purge');
    if (asked !== undefined)
      await waitFor(session, watch.id, timeoutSeconds, (listed) => judgeRemoval(listed, asked.at, 'purge'), {
        log,
      });
    const { channel } = before.watch;
    if (channel !== undefined) {
      // Renew deletes the record once Google has stopped the channel.
      await until(async () => !(await firestore.doc(`channels/${channel.id}`).get()).exists, {
        what: `the channel of ${watch.id} is stopped`,
        withinMs: timeoutSeconds * 1_000,
        everyMs: 300,
      });
    }
  }
  await firestore.recursiveDelete(document);
  await firestore.doc(epochPath(watch.id)).delete();
  await firestore.doc(claimPath(watch.collection)).delete();
}

/**
 * Removes a trial's calendar and everything that belongs to it. The calendar comes last: as long as anything is left, a later
 * trial finds it.
 */
export async function removeCalendar(
  session: Session,
  api: Api,
  { user, calendarId, ...waiting }: Waiting & { readonly user: string; readonly calendarId: string },
): Promise<void> {
  await Promise.all(
    (['events', 'acl'] as const).map((resource) =>
      removeWatch(session, trialWatch(user, resource, calendarId), waiting),
    ),
  );
  await api.remove(calendarPath(calendarId));
}

/** Deletes the subscriptions that earlier trials have left behind, and returns their number. */
export async function removeSubscriptions({ pubsub }: Session): Promise<number> {
  const [subscriptions] = await pubsub.getSubscriptions();
  const left = subscriptions.filter(({ name }) => name.split('/').at(-1)?.startsWith(SUBSCRIPTIONS));
  await Promise.all(left.map((subscription) => subscription.delete()));
  return left.length;
}
