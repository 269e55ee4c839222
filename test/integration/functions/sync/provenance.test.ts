/** Item documents name their user, calendar and watch. Those that do not are brought up to date without a change. */
import { FieldValue, Timestamp, type DocumentSnapshot } from '@google-cloud/firestore';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startBill } from '../../../support/firestore-bill.ts';
import { startSyncBench } from '../../../support/sync-bench.ts';

const ADA = 'ada@example.com';
const TEAM = 'team@group.calendar.google.com';
const hour = { dateTime: '2026-12-01T10:00:00Z' };
const EVENTS = `users/${ADA}/calendars/${TEAM}/events`;
const WATCH = 'team-events';
const SPEC = { user: ADA, resource: 'events', calendarId: TEAM };

let bench: Awaited<ReturnType<typeof startSyncBench>>;
const poll = (watchId: string) => bench.handle({ reason: 'poll', watchId });

beforeAll(async () => {
  const events = ['first', 'second', 'third'].map((id) => ({ id, start: hour, end: hour }));
  const calendars = [
    { id: ADA, summary: ADA },
    { id: TEAM, summary: 'team', events },
  ];
  bench = await startSyncBench({}, { initial: { users: [{ email: ADA, calendars }] } });
  await bench.writeSpec(WATCH, SPEC);
  await poll(WATCH);
});
afterAll(() => bench.close());

const documents = async (collection = EVENTS) => (await bench.firestore.collection(collection).get()).docs;
const named = (document: DocumentSnapshot) => ({
  user: document.get('user'),
  calendarId: document.get('calendarId'),
  watch: document.get('watch'),
});
const OF_TEAM = { user: ADA, calendarId: TEAM, watch: WATCH };

/** Removes the fields from all documents, as an earlier version wrote them. */
async function forget(): Promise<void> {
  const gone = FieldValue.delete();
  for (const { ref } of await documents()) await ref.update({ user: gone, calendarId: gone, watch: gone });
}

test('an event names its user, calendar and watch', async () => {
  expect((await documents()).map(named)).toEqual([OF_TEAM, OF_TEAM, OF_TEAM]);
});

test.each([
  ['acl', { calendarId: TEAM }, `calendars/${TEAM}/acl`, () => TEAM],
  ['calendarList', {}, 'calendarList', (id: string) => id],
  ['settings', {}, 'settings', () => undefined],
])(
  'an item of %s names them, too, except a calendar where there is none',
  async (resource, more, path, calendarOf) => {
    const watch = `ada-${resource}`;
    await bench.writeSpec(watch, { user: ADA, resource, ...more });
    await poll(watch);
    const docs = await documents(`users/${ADA}/${path}`);
    expect(docs.length).toBeGreaterThan(0);
    for (const each of docs) {
      expect(named(each)).toEqual({ user: ADA, calendarId: calendarOf(each.id), watch });
      expect('calendarId' in (each.data() ?? {})).toBe(resource !== 'settings');
    }
  },
);

test('the reconciliation fills them in with one write for each document and without a change', async () => {
  await forget();
  const before = await documents();
  const published = bench.published.length;
  await poll(WATCH);
  expect((await documents()).map((each) => each.get('watch'))).toEqual([undefined, undefined, undefined]);

  const monthAgo = Timestamp.fromMillis(Date.now() - 31 * 86_400_000);
  await bench.firestore.doc(`watches/${WATCH}`).update({ 'status.sync.fullStartedAt': monthAgo });
  await poll(WATCH);
  const after = await documents();
  expect(after.map(named)).toEqual([OF_TEAM, OF_TEAM, OF_TEAM]);
  for (const [index, each] of after.entries()) {
    expect(each.data()).toEqual({ ...before[index]?.data(), ...OF_TEAM });
  }
  expect(bench.published.length).toBe(published);
  expect((await bench.firestore.doc(`watches/${WATCH}`).get()).get('status.sync.sequence')).toBe(3);
});

/** Runs a full sync; returns the number of documents that it writes. */
async function full(): Promise<number> {
  const bill = startBill();
  try {
    await bench.handle({ reason: 'manual', watchId: WATCH, full: true });
  } finally {
    bill.stop();
  }
  return bill.total().writes;
}

test('a full sync writes each document that lacks them once, and no other', async () => {
  const idle = await full();
  await forget();
  expect(await full()).toBe(idle + 3);
  expect(await full()).toBe(idle);
});

test('a document that names another watch is corrected without a change', async () => {
  const document = bench.firestore.doc(`${EVENTS}/first`);
  const right = (await document.get()).data();
  await document.update({ watch: 'another' });
  const published = bench.published.length;
  await bench.handle({ reason: 'manual', watchId: WATCH, full: true });
  expect((await document.get()).data()).toEqual(right);
  expect(bench.published.length).toBe(published);
});

test('the watch of an item follows when its collection passes to another watch', async () => {
  const watch = bench.firestore.doc(`watches/${WATCH}`);
  await watch.update({ 'spec.removed': 'keep', 'status.state': 'removing' });
  await poll(WATCH);
  expect((await documents()).map(named)).toEqual([OF_TEAM, OF_TEAM, OF_TEAM]);
  await bench.writeSpec('heir', SPEC);
  await poll('heir');
  const ofHeir = { ...OF_TEAM, watch: 'heir' };
  expect((await documents()).map(named)).toEqual([ofHeir, ofHeir, ofHeir]);
});
