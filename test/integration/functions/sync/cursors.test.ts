import { Timestamp } from '@google-cloud/firestore';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { handleNotification } from '../../../../functions/sync/engine.ts';
import { clientOf } from '../../../support/emulator/client.ts';
import { startSyncBench } from '../../../support/sync-bench.ts';

/** The scope of a sync token: one watch's view, up to the start of the sync that returned it. */

const OWNER = 'owner@example.com';
const GUEST = 'guest@example.com';
const OTHER = 'other@example.com';
const TEAM = 'team@group.calendar.google.com';
const DAY = 86_400_000;
const times = { start: { dateTime: '2030-01-01T10:00:00Z' }, end: { dateTime: '2030-01-01T11:00:00Z' } };

let bench: Awaited<ReturnType<typeof startSyncBench>>;

beforeAll(async () => {
  const rules = [GUEST, OTHER].map((value) => ({ role: 'reader', scope: { type: 'user', value } }));
  const team = { id: TEAM, summary: 'team', acl: rules, events: [{ id: 'first', ...times }] };
  bench = await startSyncBench({}, { initial: { users: [{ email: OWNER, calendars: [team] }] } });
});
afterAll(() => bench.close());

/** The API as the owner of the team's calendar. */
const team = () => clientOf(bench.calendar.url, OWNER);
const insert = (id: string) =>
  team().events.insert({ calendarId: TEAM, requestBody: { id, summary: id, ...times } });
const poll = (watchId: string) => bench.handle({ reason: 'poll', watchId });
const mirrored = async (path: string): Promise<readonly string[]> =>
  (await bench.firestore.collection(path).get()).docs.map(({ id }) => id);

it('two users who watch one calendar have a sync token each (F6)', async () => {
  for (const user of [OWNER, GUEST]) {
    await bench.writeSpec(`team-of-${user.split('@')[0]}`, { user, resource: 'events', calendarId: TEAM });
  }
  const before = bench.calendar.journal.requests().length;
  for (const id of ['second', 'third']) {
    for (const watch of ['team-of-owner', 'team-of-guest']) await poll(watch);
    await insert(id);
  }
  for (const watch of ['team-of-owner', 'team-of-guest']) await poll(watch);

  const lists = bench.calendar.journal.requests().slice(before);
  const calls = lists.filter(({ method }) => method === 'calendar.events.list');
  expect(calls.map(({ status, query }) => [status, 'syncToken' in query])).toEqual(
    [false, false, true, true, true, true].map((incremental) => [200, incremental]),
  );
  for (const user of [OWNER, GUEST]) {
    expect(await mirrored(`users/${user}/calendars/${TEAM}/events`)).toEqual(['first', 'second', 'third']);
  }
});

it('a change that is announced during a sync gets a sync of its own (F10)', async () => {
  const watchId = 'team-of-other';
  const path = `users/${OTHER}/calendars/${TEAM}/events`;
  await bench.writeSpec(watchId, { user: OTHER, resource: 'events', calendarId: TEAM });
  const push = { reason: 'push', watchId, resourceState: 'exists' } as const;
  let announcedAt = 0;
  const { list } = bench.context.calendar;
  const listThenEdit: typeof list = async (...call) => {
    const answer = await list(...call);
    if (announcedAt === 0) {
      await insert('during');
      announcedAt = Date.now();
    }
    return answer;
  };
  const context = {
    ...bench.context,
    calendar: { ...bench.context.calendar, list: listThenEdit },
    // An instance's clock must not matter: this one is ten seconds ahead.
    now: () => Date.now() + 10_000,
  };
  await handleNotification(context, push, Date.now());
  expect(await mirrored(path)).not.toContain('during');
  // Pub/Sub delivers it in order: after the sync that could not see the change is acknowledged.
  await bench.handle(push, announcedAt);
  expect(await mirrored(path)).toContain('during');
});

it('a calendar list is listed in full once a day, for its read-only fields (F20)', async () => {
  const watchId = 'list-of-owner';
  await bench.writeSpec(watchId, { user: OWNER, resource: 'calendarList' });
  await poll(watchId);
  const summary = async () =>
    (await bench.firestore.doc(`users/${OWNER}/calendarList/${TEAM}`).get()).get('data.summary');
  expect(await summary()).toBe('team');
  await team().calendars.patch({ calendarId: TEAM, requestBody: { summary: 'renamed' } });
  await poll(watchId);
  expect(await summary()).toBe('team');

  const yesterday = Timestamp.fromMillis(Date.now() - DAY);
  await bench.firestore.doc(`watches/${watchId}`).update({ 'status.sync.fullStartedAt': yesterday });
  await poll(watchId);
  expect(await summary()).toBe('renamed');
  const incremental = bench.calendar.journal
    .requests({ method: 'calendar.calendarList.list', user: OWNER })
    .map(({ query }) => 'syncToken' in query);
  expect(incremental).toEqual([false, true, false]);
});

it('a calendar list includes hidden calendars', async () => {
  const api = clientOf(bench.calendar.url, GUEST);
  await api.calendarList.insert({ requestBody: { id: TEAM, hidden: true } });
  await bench.writeSpec('list-of-guest', { user: GUEST, resource: 'calendarList' });
  await poll('list-of-guest');
  expect(await mirrored(`users/${GUEST}/calendarList`)).toEqual([GUEST, TEAM]);
});
