/** From a request to the notifications of its changes, in the journal. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { ADA, BOB, startEmulated } from '../../support/emulator/emulated.ts';
import type { Emulated } from '../../support/emulator/emulated.ts';

const CALENDARS = { ada: { calendarId: ADA }, bob: { calendarId: BOB } };
const start = { dateTime: '2030-01-07T09:00:00Z' };
const end = { dateTime: '2030-01-07T10:00:00Z' };

let emulated: Emulated;

beforeAll(async () => {
  emulated = await startEmulated({ initial: { users: [{ email: ADA }, { email: BOB }] } });
});

beforeEach(async () => {
  await emulated.emulator.reset();
  await emulated.ada.events.watch({ ...CALENDARS.ada, requestBody: emulated.channel() });
  await emulated.bob.events.watch({ ...CALENDARS.bob, requestBody: emulated.channel() });
  await emulated.emulator.settle();
});

afterAll(() => emulated.stop());

/** The id of the only request of a method. */
function requestOf(method: string): string {
  const [entry, ...others] = emulated.emulator.journal.requests({ method });
  expect(others).toEqual([]);
  return entry?.id ?? '';
}

async function caused(id: string): Promise<unknown> {
  const answer = await fetch(`${emulated.emulator.url}/emulator/journal?cause=${id}`);
  return answer.json();
}

test('an edit is the cause of the notifications on every calendar that it changes', async () => {
  await emulated.ada.events.insert({
    ...CALENDARS.ada,
    requestBody: { summary: 'Lunch', start, end, attendees: [{ email: BOB }] },
  });
  await emulated.emulator.settle();
  const id = requestOf('calendar.events.insert');
  expect(await caused(id)).toMatchObject({
    requests: [{ id, method: 'calendar.events.insert', status: 200 }],
    notifications: [
      { cause: id, calendarId: ADA, state: 'exists' },
      { cause: id, calendarId: BOB, state: 'exists' },
    ],
  });
});

test('a watch call is the cause of its sync message', () => {
  const opened = emulated.emulator.journal.requests({ method: 'calendar.events.watch' });
  const causes = emulated.emulator.journal.notifications({ state: 'sync' }).map(({ cause }) => cause);
  expect(new Set(causes)).toEqual(new Set(opened.map(({ id }) => id)));
  expect(causes).toHaveLength(2);
});

test('every attempt of a notification has its cause', async () => {
  let attempts = 0;
  emulated.receiver.answerWith(() => ((attempts += 1) < 3 ? 503 : 204));
  await emulated.ada.events.quickAdd({ ...CALENDARS.ada, text: 'Lunch' });
  await emulated.emulator.settle();
  const cause = requestOf('calendar.events.quickAdd');
  expect(emulated.emulator.journal.notifications({ cause }).map(({ fate }) => fate)).toEqual([
    'retrying',
    'retrying',
    'delivered',
  ]);
});

test('requests that run at the same time keep their causes apart', async () => {
  emulated.emulator.faults.add({
    on: 'request',
    match: { user: ADA, method: 'calendar.events.quickAdd' },
    effect: { do: 'delay', ms: 20 },
  });
  await Promise.all([
    emulated.ada.events.quickAdd({ ...CALENDARS.ada, text: 'Lunch' }),
    ...Array.from({ length: 5 }, () => emulated.bob.events.quickAdd({ ...CALENDARS.bob, text: 'Dinner' })),
  ]);
  await emulated.emulator.settle();
  const requests = emulated.emulator.journal.requests({ method: 'calendar.events.quickAdd' });
  expect(requests).toHaveLength(6);
  for (const { id, user } of requests)
    expect(emulated.emulator.journal.notifications({ cause: id })).toMatchObject([{ calendarId: user }]);
});

test('a change without a request has no cause', async () => {
  emulated.emulator.putEvent(ADA, { id: 'verbatim' });
  await emulated.emulator.channels.notify({ user: BOB });
  await emulated.emulator.settle();
  const exists = emulated.emulator.journal.notifications({ state: 'exists' });
  expect(exists).toHaveLength(2);
  for (const entry of exists) expect(entry).not.toHaveProperty('cause');
});
