import { Timestamp } from '@google-cloud/firestore';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { createLog } from '../../../../functions/runtime/log.ts';
import { handleNotification } from '../../../../functions/sync/engine.ts';
import { clientOf } from '../../../support/emulator/client.ts';
import { startSyncBench } from '../../../support/sync-bench.ts';

/** A full sync once in `RECONCILE_SECONDS` finds changes that incremental lists have missed. */

const ADA = 'ada@example.com';
const WATCH = 'ada-events';
const times = { start: { dateTime: '2030-01-01T10:00:00Z' }, end: { dateTime: '2030-01-01T11:00:00Z' } };
let bench: Awaited<ReturnType<typeof startSyncBench>>;

const lines: string[] = [];
const log = createLog((line) => void lines.push(line));
const poll = () =>
  handleNotification({ ...bench.context, log }, { reason: 'poll', watchId: WATCH }, Date.now() + 1000);
const document = () => bench.firestore.doc(`watches/${WATCH}`);
const summary = async (): Promise<unknown> =>
  (await bench.firestore.doc(`users/${ADA}/calendars/${ADA}/events/first`).get()).get('data.summary');

beforeAll(async () => {
  const calendars = [{ id: ADA, summary: ADA, events: [{ id: 'first', summary: 'as it was', ...times }] }];
  bench = await startSyncBench({}, { initial: { users: [{ email: ADA, calendars }] } });
  await bench.writeSpec(WATCH, { user: ADA, resource: 'events', calendarId: ADA });
  await poll();
  // As renew does: a channel that has been open all the time.
  const channel = {
    id: 'channel-1',
    resourceId: 'resource-1',
    createdAt: new Date(0),
    expiresAt: new Date(2 ** 42),
  };
  await document().update({ 'status.state': 'active', 'status.channel': channel });
});
afterAll(() => bench.close());

/** Makes an edit that incremental lists miss: the watch gets a sync token from after it. */
async function editUnlisted(): Promise<void> {
  const api = clientOf(bench.calendar.url, ADA);
  await api.events.patch({ calendarId: ADA, eventId: 'first', requestBody: { summary: 'edited' } });
  const { data } = await api.events.list({ calendarId: ADA, maxResults: 500 });
  await document().update({ 'status.sync.token': data.nextSyncToken });
}

it('an edit that incremental lists miss is found after a month, without blaming the channel', async () => {
  await editUnlisted();
  await poll();
  expect(await summary()).toBe('as it was');

  await document().update({
    'status.sync.fullStartedAt': Timestamp.fromMillis(Date.now() - 31 * 86_400_000),
  });
  const [from, published] = [bench.calendar.journal.requests().length, bench.published.length];
  await poll();
  expect(await summary()).toBe('edited');
  expect(bench.published.length).toBe(published + 1);
  const lists = bench.calendar.journal.requests().slice(from);
  expect(lists.map(({ query }) => 'syncToken' in query)).toEqual([true, false]);
  expect(lines.filter((line) => line.includes('reconciliation found changes'))).toHaveLength(1);
  expect((await document().get()).get('status.sync')).not.toHaveProperty('suspectChannelId');

  const before = bench.listCalls();
  await poll();
  expect(bench.listCalls()).toBe(before + 1);
});
