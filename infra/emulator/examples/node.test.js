/**
 * An app that keeps a copy of a calendar, tested with Node's own test runner and the Calendar emulator.
 *
 *     npm install --save-dev google-calendar-emulator
 *     node --test node.test.js
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { after, before, beforeEach, test } from 'node:test';
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

before(async () => {
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
after(() => emulator.close());

/** What a person does in the calendar. */
const insert = (summary) =>
  fetch(`${emulator.url}/calendar/v3/calendars/primary/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${ADA}`, 'content-type': 'application/json' },
    body: JSON.stringify({ summary, ...day }),
  });

test('the second sync fetches only what changed', async () => {
  assert.deepEqual(app.summaries(), ['Lunch']);
  await insert('Review');
  await app.sync();
  assert.deepEqual(app.summaries(), ['Lunch', 'Review']);
  const lists = emulator.journal.requests({ method: 'calendar.events.list' });
  assert.equal(lists.filter(({ query }) => 'syncToken' in query).length, 1);
});

test('a sync token that has expired leads to a full sync', async () => {
  await insert('Review');
  emulator.store.expireSyncTokens();
  await app.sync();
  assert.deepEqual(app.summaries(), ['Lunch', 'Review']);
  assert.equal(emulator.journal.counts().statuses['410'], 1);
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
  assert.deepEqual(app.summaries(), ['Lunch', 'Review']);
  webhook.close();
});
