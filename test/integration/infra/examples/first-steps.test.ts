/** The examples that the documents quote, run as programs on the emulators. */
import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Timestamp } from '@google-cloud/firestore';
import { PubSub } from '@google-cloud/pubsub';
import { afterAll, expect, test } from 'vitest';
import { changeMessage, type Change } from '../../../../functions/feed/change.ts';
import { watchMessage } from '../../../../functions/feed/watch-message.ts';
import { createFirestore } from '../../../../functions/firestore/client.ts';
import { claimPath, collectionPath } from '../../../../functions/firestore/paths.ts';
import { eventually } from '../../../support/eventually.ts';
import { sampleChange } from '../../../support/sample-change.ts';

const projectId = `demo-${randomBytes(4).toString('hex')}`;
const firestore = createFirestore(projectId, '(default)');
const pubsub = new PubSub({ projectId });
afterAll(() => Promise.all([firestore.terminate(), pubsub.close()]));

/** Returns the arguments that run an example from source, with imports of `calendar-mirror` resolved to source too. */
const program = (name: string): string[] => [
  '--conditions=calendar-mirror-source',
  fileURLToPath(new URL(`../../../../infra/examples/${name}/index.ts`, import.meta.url)),
];
const env = { ...process.env, GOOGLE_CLOUD_PROJECT: projectId, TZ: 'UTC' };

async function linesOf(name: string): Promise<readonly string[]> {
  const { stdout } = await promisify(execFile)(process.execPath, program(name), { env });
  return stdout.trimEnd().split('\n');
}

async function firstLine(stream: NodeJS.ReadableStream): Promise<string> {
  const [line]: unknown[] = await once(createInterface({ input: stream }), 'line');
  return String(line);
}

const TEAM = 'team@group.calendar.google.com';

test('watch-a-calendar creates a watch, lists it, and requests its removal', async () => {
  const [line = ''] = await linesOf('watch-a-calendar');
  expect(line).toMatch(/^ana-events-team-[0-9a-f]{16} pending$/);
  const document = await firestore.doc(`watches/${line.split(' ')[0] ?? ''}`).get();
  expect(document.get('spec')).toEqual({
    user: 'ana@example.com',
    resource: 'events',
    calendarId: TEAM,
    removed: 'keep',
  });
});

/** Mirrors an event that takes an hour. */
async function mirrorEvent(
  { user, calendarId }: { user: string; calendarId: string },
  [summary, day, eventType = 'default']: readonly [string, string, string?],
): Promise<void> {
  const [start, end] = [`${day}T10:00:00Z`, `${day}T11:00:00Z`];
  const [startsAt, endsAt] = [start, end].map((time) => Timestamp.fromDate(new Date(time)));
  const shown = { iCalUID: `${summary}@google.com`, location: 'zoom.us/j/123' };
  const time = { start: { dateTime: start }, end: { dateTime: end } };
  const data = { id: summary, summary, eventType, ...shown, ...time };
  const times = { startsAt, endsAt, activeUntil: endsAt, recurringEventId: null };
  const document = firestore.doc(`users/${user}/calendars/${calendarId}/events/${summary}`);
  await document.set({ user, calendarId, data, eventType, ...times, sequence: 1 });
}

test('read-the-mirror prints what is on in a calendar, and what starts in those of all users', async () => {
  const [ana, bob] = ['ana@example.com', 'bob@example.com'];
  await mirrorEvent({ user: ana, calendarId: TEAM }, ['review', '2026-12-08']);
  await mirrorEvent({ user: ana, calendarId: TEAM }, ['holidays', '2026-12-22', 'outOfOffice']);
  await mirrorEvent({ user: ana, calendarId: ana }, ['dentist', '2026-12-07']);
  await mirrorEvent({ user: bob, calendarId: TEAM }, ['review', '2026-12-08']);
  await mirrorEvent({ user: bob, calendarId: bob }, ['lunch', '2026-12-13']);
  await mirrorEvent({ user: bob, calendarId: bob }, ['party', '2026-12-14']);
  expect((await linesOf('read-the-mirror')).join('\n')).toBe(`2026-12-08T10:00:00.000Z review
out of office: holidays
starts: [
  'ana@example.com dentist',
  'ana@example.com review',
  'bob@example.com review',
  'bob@example.com lunch'
]
starts: [ 'ana@example.com dentist', 'ana@example.com review' ]
starts: [ 'ana@example.com review', 'bob@example.com review' ]`);
});

const at = (hour: number) => ({ dateTime: `2030-01-01T${String(hour)}:00:00Z` });

test('describe-changes says what happened, and who answered', async () => {
  const [topic] = await pubsub.createTopic('changes-in-words');
  await topic.createSubscription('my-meetings');
  const bo = { email: 'bo@example.com', responseStatus: 'needsAction' };
  const review = { id: 'review', summary: 'Review', start: at(10), end: at(11), attendees: [bo] };
  const attendees = [{ ...bo, responseStatus: 'accepted' }];
  const change = sampleChange(review, { ...review, start: at(12), end: at(13), attendees });
  const { attributes, data } = changeMessage({ ...change, kinds: ['moved', 'responded'] }, 'users/x');
  await topic.publishMessage({ attributes, data });
  const child = spawn(process.execPath, program('describe-changes'), { env });
  const ended = once(child, 'close');
  try {
    let printed = '';
    child.stdout.on('data', (text: Buffer) => (printed += text.toString()));
    await eventually(() =>
      expect(printed.trim().split('\n')).toEqual([
        '“Review” moved from 11:00 to 13:00 +01:00, bo@example.com accepted',
        'response of bo@example.com needsAction accepted',
      ]),
    );
  } finally {
    child.kill();
    await ended;
  }
});

/** Marks a calendar as mirrored and synced. */
async function mirrorCalendar(user: string): Promise<void> {
  const collection = collectionPath({ user, resource: 'events', calendarId: user });
  await firestore.doc(claimPath(collection)).set({ watch: user });
  const sync = { sequence: 1, startedAt: Timestamp.now(), timeZone: 'Europe/Berlin' };
  const spec = { user, resource: 'events', calendarId: user };
  await firestore.doc(`watches/${user}`).set({ spec, status: { state: 'active', collection, sync } });
}

test('find-a-time prints who is busy, when all are free, and how to join', async () => {
  const [ana, ben] = ['ana@example.com', 'ben@example.com'];
  await mirrorEvent({ user: ben, calendarId: ben }, ['review', '2026-12-07']);
  await mirrorCalendar(ana);
  expect(await linesOf('find-a-time')).toContain('ben@example.com notMirrored');
  await mirrorCalendar(ben);
  await mirrorEvent({ user: ana, calendarId: ana }, ['dentist', '2026-12-07']);
  expect(await linesOf('find-a-time')).toEqual([
    'ana@example.com 1 busy periods',
    'ben@example.com 1 busy periods',
    'all are free: 2026-12-07T08:00:00.000Z 2026-12-07T10:00:00.000Z',
    'all are free: 2026-12-07T11:00:00.000Z 2026-12-07T18:00:00.000Z',
    'dentist@google.com https://zoom.us/j/123',
  ]);
});

test('consume-the-feed prints changes and states of watches, and continues after a malformed one', async () => {
  const [topic] = await pubsub.createTopic('calendar-changes');
  await topic.createSubscription('my-subscription');
  const change: Change = {
    watchId: 'ana-team',
    user: 'ana@example.com',
    resource: 'events',
    calendarId: TEAM,
    itemId: 'review',
    change: 'created',
    kinds: [],
    sequence: 7,
    before: null,
    after: { id: 'review' },
    occurredAt: '2026-12-01T10:00:00.000Z',
  };
  const { attributes, data } = changeMessage(change, 'users/x');
  const { watchId, user, resource, calendarId, sequence, occurredAt } = change;
  const about = { watchId, user, resource, calendarId, sequence, occurredAt, state: 'active' } as const;
  await topic.publishMessage({ attributes, data: Buffer.from('{}') });
  await topic.publishMessage({ attributes, data });
  await topic.publishMessage(watchMessage(about, 1));
  const child = spawn(process.execPath, program('consume-the-feed'), { env });
  const ended = once(child, 'close');
  try {
    let printed = '';
    child.stdout.on('data', (text: Buffer) => (printed += text.toString()));
    expect(await firstLine(child.stderr)).toContain('watchId');
    const lines = () => printed.split('\n').filter(Boolean).toSorted();
    await eventually(() => expect(lines()).toEqual(['7 review', 'ana-team active']));
  } finally {
    child.kill();
    await ended;
  }
});
