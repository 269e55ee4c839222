/**
 * An app that keeps a copy of a calendar, tested with Jest and the Calendar emulator.
 *
 *     npm install --save-dev jest google-calendar-emulator
 *     node --experimental-vm-modules node_modules/jest/bin/jest.js
 *
 * The emulator is an ES module, as is this file ("type": "module" in package.json): that is what the option is for.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { startCalendarEmulator } from 'google-calendar-emulator';

/** The app. All that a test changes is the root URL; against Google it is https://www.googleapis.com. */
function createApp(rootUrl, accessToken) {
  let events = new Map();
  let syncToken;

  function call(path, body) {
    const headers = { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' };
    const request =
      body === undefined ? { headers } : { headers, method: 'POST', body: JSON.stringify(body) };
    return fetch(`${rootUrl}/calendar/v3/calendars/primary/events${path}`, request);
  }

  async function sync() {
    const next = new Map(syncToken === undefined ? [] : events);
    const query = new URLSearchParams(syncToken === undefined ? {} : { syncToken });
    let page;
    do {
      if (page) query.set('pageToken', page.nextPageToken);
      const response = await call(`?${query}`);
      if (response.status === 410) {
        // The token has expired: list everything, and show the old copy until that is done.
        syncToken = undefined;
        return sync();
      }
      if (!response.ok) throw new Error(`list failed: ${response.status}`);
      page = await response.json();
      for (const event of page.items)
        if (event.status === 'cancelled') next.delete(event.id);
        else next.set(event.id, event.summary);
    } while (page.nextPageToken !== undefined);
    events = next;
    syncToken = page.nextSyncToken;
  }

  return {
    sync,
    summaries: () => [...events.values()],
    watch: (address) => call('/watch', { id: crypto.randomUUID(), type: 'web_hook', address }),
    /** The web hook: Google says that something changed, the list says what. */
    async receive(request, response) {
      if (request.headers['x-goog-resource-state'] === 'exists') await sync();
      response.writeHead(204).end();
    },
  };
}

const ADA = 'ada@example.com';
const day = { start: { date: '2030-01-07' }, end: { date: '2030-01-08' } };
let emulator;
let app;

beforeAll(async () => {
  emulator = await startCalendarEmulator({
    initial: {
      users: [
        { email: ADA, calendars: [{ id: ADA, summary: 'Ada', events: [{ summary: 'Lunch', ...day }] }] },
      ],
    },
  });
});
beforeEach(async () => {
  await emulator.reset();
  app = createApp(emulator.url, ADA);
  await app.sync();
});
afterAll(() => emulator.close());

/** What a person does in the calendar. */
const insert = (summary) =>
  fetch(`${emulator.url}/calendar/v3/calendars/primary/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${ADA}`, 'content-type': 'application/json' },
    body: JSON.stringify({ summary, ...day }),
  });

test('the second sync fetches only what changed', async () => {
  expect(app.summaries()).toEqual(['Lunch']);
  await insert('Review');
  await app.sync();
  expect(app.summaries()).toEqual(['Lunch', 'Review']);
  const lists = emulator.journal.requests({ method: 'calendar.events.list' });
  expect(lists.filter(({ query }) => 'syncToken' in query).length).toBe(1);
});

test('a sync token that has expired leads to a full sync', async () => {
  await insert('Review');
  emulator.store.expireSyncTokens();
  await app.sync();
  expect(app.summaries()).toEqual(['Lunch', 'Review']);
  expect(emulator.journal.counts().statuses['410']).toBe(1);
});

test('a notification brings the copy up to date', async () => {
  const webhook = createServer((request, response) => void app.receive(request, response)).listen(
    0,
    '127.0.0.1',
  );
  await once(webhook, 'listening');
  await app.watch(`http://127.0.0.1:${webhook.address().port}`);
  await insert('Review');
  await emulator.settle(); // resolves when every notification has been delivered
  expect(app.summaries()).toEqual(['Lunch', 'Review']);
  webhook.close();
});
