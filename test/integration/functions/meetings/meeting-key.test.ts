/** The copies of one meeting have one key in all calendars, however they are listed. */
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { calendar_v3 } from 'googleapis/build/src/apis/calendar/index.js';
import { agendaOf } from '../../../../functions/agenda/occurrences.ts';
import { instantOf } from '../../../../functions/calendar/event-times.ts';
import { meetingKey } from '../../../../functions/meetings/index.ts';
import { agendaCase, bodyOf, editSeries } from '../../../support/agenda-calendar.ts';
import { clientOf } from '../../../support/emulator/client.ts';
import { startEmulated, type Emulated } from '../../../support/emulator/emulated.ts';
import { listAll } from '../../../support/emulator/pages.ts';

let running: Emulated;
beforeAll(async () => {
  running = await startEmulated();
});
afterAll(() => running.stop());

/** Longer than what {@link agendaCase} makes, except for series without an end. */
const WINDOW = { from: Date.parse('2029-01-01T00:00:00Z'), to: Date.parse('2030-12-31T00:00:00Z') };
const bounds = {
  timeMin: new Date(WINDOW.from).toISOString(),
  timeMax: new Date(WINDOW.to).toISOString(),
};
const calendarId = 'primary';

/** Whether an event is in the window in every time zone. */
const isWithin = (event: Readonly<Record<string, unknown>>): boolean =>
  (instantOf(event['start'], 'UTC') ?? 0) < WINDOW.to - 3 * 86_400_000;

type Keys = ReadonlyMap<string, string | null>;

/** Returns the keys of the meetings in a calendar by the ids of their events, as an agenda gives them. */
async function keysOf(client: calendar_v3.Calendar, zone: string): Promise<Keys> {
  const { items } = await listAll(client, calendarId);
  const events = items.map((item) => ({ ...item, id: item.id ?? '' }));
  const { occurrences } = agendaOf(events, WINDOW, zone);
  const expanded = occurrences.map(({ event }) => event).filter(isWithin);
  const keys = new Map(expanded.map((event) => [event.id, meetingKey(event)]));
  const listed = await listAll(client, calendarId, { ...bounds, singleEvents: true, timeZone: 'Asia/Tokyo' });
  const within = listed.items.filter((item) => isWithin({ ...item }));
  expect(new Map(within.map((item) => [item.id ?? '', meetingKey(item)]))).toEqual(keys);
  return keys;
}

const FAR = 'America/New_York';
let people = 0;

test('keys are the same for organizer and attendees, differ for each meeting, and stay when occurrences are moved', async () => {
  let meetings = 0;
  await fc.assert(
    fc.asyncProperty(agendaCase, async ({ zone, events, edits }) => {
      const emails = [0, 1, 2].map(() => `person-${(people += 1)}@example.com`);
      const clients = emails.map((email) => clientOf(running.emulator.url, email));
      for (const [index, client] of clients.entries()) {
        const timeZone = index === 0 ? zone : FAR;
        await client.calendars.patch({ calendarId, requestBody: { timeZone } });
      }
      const [organizer = clients[0]] = clients;
      if (organizer === undefined) throw new Error('no organizer');
      const series: string[] = [];
      for (const recipe of events) {
        const requestBody = { ...bodyOf(recipe), attendees: emails.slice(1).map((email) => ({ email })) };
        const answer = await organizer.events.insert(
          { calendarId, requestBody },
          { validateStatus: () => true },
        );
        if (answer.status === 200 && requestBody.recurrence) series.push(answer.data.id ?? '');
      }
      const before = await keysOf(organizer, zone);
      expect([...before.values()]).not.toContain(null);
      expect(new Set(before.values()).size).toBe(before.size);
      await editSeries(organizer, calendarId, series, edits);
      const after = await keysOf(organizer, zone);
      for (const client of clients.slice(1)) expect(await keysOf(client, FAR)).toEqual(after);
      for (const [id, key] of after) expect(before.get(id) ?? key).toBe(key);
      meetings += after.size;
    }),
    { numRuns: 25, seed: 20_300_106, interruptAfterTimeLimit: 45_000 },
  );
  expect(meetings).toBeGreaterThan(500);
});
