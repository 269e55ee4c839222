import { expect, test } from 'vitest';
import { createLook } from '../../../infra/emulator/control/look.ts';
import { createStore } from '../../../infra/emulator/state/store.ts';
import { applySeed } from '../../../infra/emulator/seed/seed.ts';

const ADA = 'ada@example.com';

function start() {
  const store = createStore({ clock: { now: () => Date.UTC(2026, 10, 30) } });
  applySeed(store, {
    users: [
      {
        email: ADA,
        timeZone: 'Europe/London',
        calendars: [
          {
            id: ADA,
            summary: 'Ada',
            events: [{ summary: 'Lunch', start: { date: '2026-12-01' }, end: { date: '2026-12-02' } }],
          },
        ],
      },
      { email: 'grace@example.com' },
    ],
  });
  const serve = createLook(store);
  const get = async (path: string, method = 'GET') => {
    const url = new URL(`http://127.0.0.1/emulator${path}`);
    const reply = await serve({ method, url, headers: {}, body: '' });
    const body: unknown = typeof reply?.body === 'string' ? JSON.parse(reply.body) : undefined;
    return reply && { status: reply.status, body };
  };
  return { store, get };
}

test('users are listed with their time zones', async () => {
  const { get } = start();
  expect(await get('/users')).toEqual({
    status: 200,
    body: [
      { email: ADA, timeZone: 'Europe/London' },
      { email: 'grace@example.com', timeZone: 'UTC' },
    ],
  });
});

test('a read as a user answers what the API would', async () => {
  const { get } = start();
  expect(await get(`/as/calendars/primary/events?user=${ADA}`)).toMatchObject({
    status: 200,
    body: { kind: 'calendar#events', items: [{ summary: 'Lunch' }] },
  });
  expect(await get('/as/calendars/ada%40example.com/events?user=grace@example.com')).toMatchObject({
    status: 404,
    body: { error: { code: 404 } },
  });
  expect(await get(`/as/calendars/primary/events?user=${ADA}&maxResults=many`)).toMatchObject({
    status: 400,
  });
});

test('a read creates no account', async () => {
  const { store, get } = start();
  expect(await get('/as/users/me/calendarList?user=alan@example.com')).toEqual({
    status: 404,
    body: { error: "user 'alan@example.com' not found" },
  });
  expect([...store.users.keys()]).toEqual([ADA, 'grace@example.com']);
});

test('an unknown path has no method, and writes are left to the API', async () => {
  const { get } = start();
  expect(await get(`/as/nothing?user=${ADA}`)).toMatchObject({ status: 404 });
  expect(await get(`/as/calendars/primary/events?user=${ADA}`, 'POST')).toBeUndefined();
  expect(await get('/journal')).toBeUndefined();
});
