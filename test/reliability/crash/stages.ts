import { Timestamp } from '@google-cloud/firestore';
import { expect } from 'vitest';
import * as z from 'zod';
import { eventually } from '../../support/eventually.ts';
import type { Pipeline } from '../../support/pipeline.ts';

/** The states of a user's calendar and watch from which scenarios start. */

/** Functions restart again and again, and three scenarios run in parallel. */
export const PATIENCE_MS = 120_000;

export const EVENTS = ['event1', 'event2', 'event3', 'event4', 'event5'];
const at = (hour: number) => ({
  start: { dateTime: `2030-01-01T0${hour}:00:00Z` },
  end: { dateTime: `2030-01-01T0${hour}:30:00Z` },
});
/** An event that no scenario edits; when it starts depends on the calendar's time zone alone. */
export const ALL_DAY = 'event4';
const DAY = { start: { date: '2030-01-01' }, end: { date: '2030-01-02' } };

export const specOf = (user: string) => ({ user, resource: 'events', calendarId: user }) as const;
const watchOf = (user: string): string => `watch-${user.split('@')[0] ?? ''}`;
const pathOf = (user: string, event: string): string => `calendars/${user}/events/${event}`;

function seed(cloud: Pipeline, user: string): void {
  const events = EVENTS.map((id) => ({ id, summary: 'as it was', ...(id === ALL_DAY ? DAY : at(9)) }));
  cloud.calendar.seed({ users: [{ email: user, calendars: [{ id: user, summary: user, events }] }] });
}

/** Writes a spec that renew has not checked yet. Returns the watch's id. */
export async function watchSpec(cloud: Pipeline, user: string): Promise<string> {
  seed(cloud, user);
  const watch = watchOf(user);
  await cloud.watch(watch, specOf(user));
  return watch;
}

/** Prepares a watch with a channel, an up-to-date mirror, and nothing under way. */
export async function watched(cloud: Pipeline, user: string): Promise<string> {
  const watch = await watchSpec(cloud, user);
  await cloud.renew();
  await eventually(async () => {
    await cloud.processed(watch);
    const { state, sync } = await cloud.status(watch);
    expect(state).toBe('active');
    expect(sync).toMatchObject({ token: expect.any(String) });
    expect(sync).not.toHaveProperty('traversal');
  }, PATIENCE_MS);
  return watch;
}

/** Edits three of five events and adds one, with all notifications lost. */
export async function editedUnnoticed(cloud: Pipeline, user: string): Promise<string> {
  const watch = await watched(cloud, user);
  using _ = cloud.losingNotifications(user);
  const api = cloud.as(user);
  await api.remove(pathOf(user, 'event2'));
  await api.patch(pathOf(user, 'event1'), { summary: 'edited' });
  await api.patch(pathOf(user, 'event5'), at(8));
  await api.insert(`calendars/${user}/events`, { id: 'event6', summary: 'new', ...at(7) });
  await cloud.calendar.settle();
  return watch;
}

/** The same, with another time zone of the calendar. */
export async function movedUnnoticed(cloud: Pipeline, user: string): Promise<string> {
  const watch = await editedUnnoticed(cloud, user);
  using _ = cloud.losingNotifications(user);
  await cloud.as(user).patch(`calendars/${user}`, { timeZone: 'Asia/Tokyo' });
  await cloud.calendar.settle();
  return watch;
}

const Listed = z.object({ nextPageToken: z.string().optional(), nextSyncToken: z.string().optional() });

/** Returns the sync token of a list that is read to its last page now. */
async function freshToken(cloud: Pipeline, user: string): Promise<string> {
  const url = new URL(`${cloud.calendar.url}/calendar/v3/calendars/${user}/events`);
  for (;;) {
    const answer = await fetch(url, { headers: { authorization: `Bearer ${user}` } });
    const { nextPageToken, nextSyncToken } = Listed.parse(await answer.json());
    if (nextSyncToken !== undefined) return nextSyncToken;
    url.searchParams.set('pageToken', nextPageToken ?? '');
  }
}

const MONTH_MS = 31 * 86_400_000;

/** Edits events a month after the latest full sync, and moves the watch's token past the edits, so that no incremental list has them. */
export async function editedUntold(cloud: Pipeline, user: string): Promise<string> {
  const watch = await editedUnnoticed(cloud, user);
  await cloud.firestore.doc(`watches/${watch}`).update({
    'status.sync.token': await freshToken(cloud, user),
    'status.sync.fullStartedAt': Timestamp.fromMillis(Date.now() - MONTH_MS),
  });
  return watch;
}

/** Prepares another watch of the same calendar, which renew does not check yet. */
export async function claimedTwice(cloud: Pipeline, user: string): Promise<string> {
  const watch = `${await editedUnnoticed(cloud, user)}-again`;
  const nextDueAt = Timestamp.fromMillis(Date.now() + MONTH_MS);
  await cloud.firestore.doc(`watches/${watch}`).set({ spec: specOf(user), nextDueAt });
  return watch;
}

/** Removes the first watch, so that the one of {@link claimedTwice} takes over its collection. */
export async function takeOver(cloud: Pipeline, watch: string, user: string): Promise<unknown> {
  const first = watchOf(user);
  await cloud.watch(first, { ...specOf(user), removed: 'keep' });
  await cloud.renew();
  await eventually(
    async () => expect(await cloud.status(first)).toMatchObject({ state: 'removed' }),
    PATIENCE_MS,
  );
  return cloud.renewNow(watch);
}
