/** Busy times, from events and from the mirror, are those that the Calendar API answers to `freeBusy.query`. */
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readBusy, type BusyAnswer } from '../../../../functions/agenda/index.ts';
import { agendaOf } from '../../../../functions/agenda/occurrences.ts';
import { timesOf } from '../../../../functions/calendar/event-times.ts';
import { busyTimes, type Period, type Window } from '../../../../functions/meetings/index.ts';
import { windowsOf } from '../../../support/agenda-calendar.ts';
import { busyCase, makeBusyCalendar, TRAITS, type Person } from '../../../support/busy-calendar.ts';
import { clientOf } from '../../../support/emulator/client.ts';
import { listAll } from '../../../support/emulator/pages.ts';
import { startSyncBench } from '../../../support/sync-bench.ts';

/** Shrinking ends before the test's timeout, so that a failure is reported with the shortest case found by then. */
const SHRINKING_MS = 45_000;

let bench: Awaited<ReturnType<typeof startSyncBench>>;
beforeAll(async () => {
  bench = await startSyncBench();
});
afterAll(() => bench.close());

let people = 0;
const newPerson = (name: string): Person => {
  const email = `${name}-${(people += 1)}@example.com`;
  return { email, client: clientOf(bench.calendar.url, email) };
};

const iso = (at: number): string => new Date(at).toISOString();
/** Google rejects a window of more than about three months. */
const MOST_DAYS = 90;
const windows = (agenda: Parameters<typeof windowsOf>[0]): readonly Window[] =>
  windowsOf(agenda).map(({ from, to }) => ({ from, to: Math.min(to, from + MOST_DAYS * 86_400_000) }));

/** Returns what the Calendar API answers. */
async function queried({ email, client }: Person, { from, to }: Window): Promise<readonly Period[]> {
  const requestBody = { timeMin: iso(from), timeMax: iso(to), items: [{ id: email }] };
  const { data } = await client.freebusy.query({ requestBody });
  const { busy = [], errors } = data.calendars?.[email] ?? {};
  expect(errors).toBeUndefined();
  return busy.map(({ start, end }) => ({
    startsAt: Date.parse(start ?? ''),
    endsAt: Date.parse(end ?? ''),
  }));
}

const items = async ({ client }: Person, parameters: object = {}) =>
  (await listAll(client, 'primary', parameters)).items.map((item) => ({ ...item, id: item.id ?? '' }));

test('busy times of any calendar are those of freeBusy.query, from its events and from its listed occurrences', async () => {
  const seen = new Map<string, number>();
  let periods = 0;
  await fc.assert(
    fc.asyncProperty(busyCase, async (made) => {
      const [person, host] = [newPerson('ana'), newPerson('host')];
      const { zone } = made.agenda;
      for (const trait of await makeBusyCalendar(made, person, host))
        seen.set(trait, (seen.get(trait) ?? 0) + 1);
      const events = await items(person);
      for (const window of windows(made.agenda)) {
        const expected = await queried(person, window);
        expect(busyTimes(agendaOf(events, window, zone).occurrences, window)).toEqual(expected);
        const { from, to } = window;
        const listed = await items(person, { singleEvents: true, timeMin: iso(from), timeMax: iso(to) });
        const occurrences = listed.flatMap((event) => {
          const { startsAt, endsAt } = timesOf(event, zone);
          return startsAt === null || endsAt === null ? [] : [{ startsAt, endsAt, event }];
        });
        expect(busyTimes(occurrences, window)).toEqual(expected);
        periods += expected.length;
      }
    }),
    { numRuns: 70, seed: 20_300_104, interruptAfterTimeLimit: SHRINKING_MS },
  );
  expect(periods).toBeGreaterThan(80);
  expect(new Set(seen.keys())).toEqual(new Set(TRAITS));
  expect(Math.min(...seen.values())).toBeGreaterThan(3);
});

async function mirror(watchId: string, spec: Readonly<Record<string, unknown>>): Promise<void> {
  await bench.writeSpec(watchId, { resource: 'events', ...spec });
  await bench.handle({ reason: 'poll', watchId });
}

const idOf = (user: string): string => user.replace('@example.com', '');

test.each([[false], [true]])(
  'busy times from the mirror are those of freeBusy.query (singleEvents: %s)',
  async (singleEvents) => {
    await fc.assert(
      fc.asyncProperty(busyCase, async (made) => {
        const [person, host] = [newPerson('ana'), newPerson('host')];
        const both = [person, host];
        await makeBusyCalendar(made, person, host);
        for (const { email: user } of both)
          await mirror(idOf(user), { user, calendarId: 'primary', singleEvents });
        for (const { from, to } of windows(made.agenda)) {
          const users = both.map(({ email }) => email);
          const answers = await readBusy(bench.firestore, { users, from: new Date(from), to: new Date(to) });
          const expected = await Promise.all(
            both.map(async (each): Promise<BusyAnswer> => ({
              user: each.email,
              busy: await queried(each, { from, to }),
            })),
          );
          expect(answers).toEqual(expected);
        }
      }),
      { numRuns: 6, seed: 20_300_105, interruptAfterTimeLimit: SHRINKING_MS },
    );
  },
);

const DAY = { from: new Date('2030-01-07T00:00:00Z'), to: new Date('2030-01-08T00:00:00Z') };
const hour = (start: number) => ({
  start: { dateTime: `2030-01-07T${start}:00:00Z` },
  end: { dateTime: `2030-01-07T${start + 1}:00:00Z` },
});
const answersOf = async (...users: Parameters<typeof readBusy>[1]['users']) =>
  readBusy(bench.firestore, { users, ...DAY });

const at = (from: number, to: number): Period => ({
  startsAt: Date.parse(`2030-01-07T${from}:00:00Z`),
  endsAt: Date.parse(`2030-01-07T${to}:00:00Z`),
});

test('several calendars of a user are merged, and one that is not mirrored makes the user’s times unknown', async () => {
  const { email: user, client } = newPerson('ana');
  const { data } = await client.calendars.insert({ requestBody: { summary: 'Team' } });
  const team = data.id ?? '';
  await client.events.insert({ calendarId: 'primary', requestBody: hour(10) });
  await client.events.insert({ calendarId: team, requestBody: hour(11) });
  await mirror(idOf(user), { user, calendarId: 'primary' });
  const both = { user, calendarIds: ['primary', user, team] };
  expect(await answersOf(user, both)).toEqual([
    { user, busy: [at(10, 11)] },
    { user, busy: null, problem: { calendarId: team, reason: 'notMirrored' } },
  ]);
  await mirror(`${idOf(user)}-team`, { user, calendarId: team });
  expect(await answersOf(both, { user, calendarIds: [team] }, { user, calendarIds: [] })).toEqual([
    { user, busy: [at(10, 12)] },
    { user, busy: [at(11, 12)] },
    { user, busy: [] },
  ]);
});

const REMOVED = 'notMirrored';
test.each([
  ['a watch that mirrors out-of-office events only', { spec: { eventTypes: ['outOfOffice'] } }, 'filtered'],
  ['a paused watch', { status: { state: 'paused', reason: 'invalid_grant' } }, 'paused'],
  ['a watch whose calendar is gone', { status: { state: 'gone' } }, 'gone'],
  ['a watch with an invalid spec', { spec: { eventTypes: ['parties'] } }, 'paused'],
  ['a watch that was edited and not synced since', { spec: { singleEvents: true } }, 'notSynced'],
  ['a watch whose status was overwritten', { status: { sync: { sequence: 'one' } } }, 'unreadable'],
  ['a watch that is being removed', { status: { state: 'removing' } }, REMOVED],
  ['a watch that is to be removed', { spec: { removed: 'keep' } }, REMOVED],
])('a user is not free but unknown for %s', async (_, change, reason) => {
  const { email: user } = newPerson('ana');
  const watchId = idOf(user);
  await mirror(watchId, { user, calendarId: user });
  expect(await answersOf(user)).toEqual([{ user, busy: [] }]);
  await bench.firestore.doc(`watches/${watchId}`).set(change, { merge: true });
  const watch = reason === REMOVED ? {} : { watchId };
  expect(await answersOf(user)).toEqual([
    { user, busy: null, problem: { calendarId: user, reason, ...watch } },
  ]);
});

test('a user is unknown until the first sync is complete, and after the watch is removed', async () => {
  const { email: user } = newPerson('ana');
  const watchId = idOf(user);
  const spec = { user, resource: 'events', calendarId: user };
  await bench.writeSpec(watchId, spec);
  const notMirrored = { user, busy: null, problem: { calendarId: user, reason: 'notMirrored' } };
  expect(await answersOf(user)).toEqual([notMirrored]);
  const fault = bench.calendar.faults.add({
    on: 'request',
    match: { method: 'calendar.events.list', user },
    effect: { do: 'fail', status: 503 },
  });
  await bench.handle({ reason: 'poll', watchId }).catch(() => undefined);
  bench.calendar.faults.remove(fault);
  expect(await answersOf(user)).toEqual([
    { user, busy: null, problem: { calendarId: user, reason: 'notSynced', watchId } },
  ]);
  await bench.handle({ reason: 'poll', watchId });
  expect(await answersOf(user)).toEqual([{ user, busy: [] }]);
  await bench.writeSpec(watchId, { ...spec, removed: 'keep' });
  await bench.handle({ reason: 'poll', watchId });
  expect(await answersOf(user)).toEqual([notMirrored]);
});
