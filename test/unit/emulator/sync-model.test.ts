/**
 * Whatever happens to a calendar, a client that follows its sync tokens knows what a full list would tell it: with any page size,
 * with changes between pages, for organizers, guests and readers.
 */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRandom } from '../../../infra/emulator/state/random.ts';
import { createStore } from '../../../infra/emulator/state/store.ts';
import { inProcess } from '../../support/emulator/in-process.ts';
import { type ListParameters, TokenCopy } from '../../support/emulator/token-copy.ts';
import { ADA, BOB, CY, TEAM, makeEdit, meetingEdit, meetings } from '../../support/emulator/meetings.ts';

/** The calendars as they are before the first edit. */
async function calendars() {
  let now = Date.parse('2030-01-01T00:00:00Z');
  // Every edit has a time of its own.
  const clock = { now: () => (now += 1000) };
  const store = createStore({ clock, random: createRandom(7), emptyPages: 0.2 });
  for (const user of [ADA, BOB, CY]) store.signIn(user);
  store.addCalendar(ADA, { summary: 'Team', timeZone: 'UTC' }, { id: TEAM });
  const call = inProcess(store);
  const share = (value: string, role: string) =>
    call(ADA, 'acl.insert', { params: { calendarId: TEAM }, body: { role, scope: { type: 'user', value } } });
  await share(BOB, 'writer');
  await share(CY, 'reader');
  for (const { user, calendarId, event } of meetings)
    // oxlint-disable-next-line no-await-in-loop -- in their order
    await call(user, 'events.insert', { params: { calendarId }, body: event });
  return call;
}

const readers = [
  [ADA, ADA],
  [BOB, BOB],
  [ADA, TEAM],
  [CY, TEAM],
] as const;
type Reader = (typeof readers)[number];
const window = { timeMin: '2030-03-30T02:10:00Z', timeMax: '2030-03-31T02:00:00Z' };
const step = fc.record({
  edit: meetingEdit,
  /** The client that then reads: a page, or all of them. */
  reader: fc.nat(readers.length - 1),
  size: fc.integer({ min: 1, max: 4 }),
  all: fc.boolean(),
});

test.each<[ListParameters]>([
  [{}],
  [{ singleEvents: true }],
  [{ showDeleted: true }],
  [{ singleEvents: true, showDeleted: true, eventTypes: 'default' }],
  [{ ...window, singleEvents: true }],
  [{ timeMin: window.timeMin, singleEvents: true, timeZone: 'America/New_York' }],
  [{ timeMax: window.timeMax, singleEvents: true, showDeleted: true, maxAttendees: 1 }],
])('a client that follows its sync tokens shows what a full list has (%j)', async (parameters) => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 20, size: 'max' }), async (steps) => {
      const call = await calendars();
      const copyOf = ([user, calendarId]: Reader) => new TokenCopy(call, user, calendarId, parameters);
      const copies = readers.map(copyOf);
      for (const copy of copies) await copy.sync(2);
      for (const { edit, reader, size, all } of steps) {
        await makeEdit(call, edit);
        const copy = copies[reader];
        await (all ? copy?.sync(size) : copy?.readPage(size));
      }
      for (const [index, reader] of readers.entries()) {
        // The first may only finish a list that began before the last edits.
        await copies[index]?.sync(3);
        await copies[index]?.sync(3);
        const fresh = copyOf(reader);
        await fresh.sync(100);
        expect(copies[index]?.shown()).toEqual(fresh.shown());
      }
    }),
    { numRuns: 12, seed: 20_300_330 },
  );
});

const inMay = { start: { dateTime: '2030-05-01T10:00:00Z' }, end: { dateTime: '2030-05-01T11:00:00Z' } };

test('an occurrence that leaves the window of a sync token is in its incremental list', async () => {
  const call = await calendars();
  const copy = new TokenCopy(call, ADA, ADA, { ...window, singleEvents: true });
  await copy.sync(10);
  const occurrence = 'seria_20300331T010000Z';
  expect(copy.shown()).toHaveProperty(occurrence);
  const params = { calendarId: ADA, eventId: occurrence };
  await call(ADA, 'events.patch', { params, body: inMay });
  await copy.sync(10);
  expect(copy.shown()).not.toHaveProperty(occurrence);
});
