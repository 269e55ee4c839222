/**
 * An app that keeps a copy of a calendar, tested with Vitest and the Calendar emulator.
 *
 *     npm install --save-dev vitest google-calendar-emulator
 *     npx vitest run vitest.test.ts
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { startCalendarEmulator, type CalendarEmulator } from 'google-calendar-emulator';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

interface Page {
  readonly items: readonly { readonly id: string; readonly status?: string; readonly summary?: string }[];
  readonly nextPageToken?: string;
  readonly nextSyncToken?: string;
}

/** The app. All that a test changes is the root URL; against Google it is https://www.googleapis.com. */
function createApp(rootUrl: string, accessToken: string) {
  let events = new Map<string, string>();
  let syncToken: string | undefined;

  function call(path: string, body?: object): Promise<Response> {
    const headers = { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' };
    const request =
      body === undefined ? { headers } : { headers, method: 'POST', body: JSON.stringify(body) };
    return fetch(`${rootUrl}/calendar/v3/calendars/primary/events${path}`, request);
  }

  async function sync(): Promise<void> {
    const next = new Map(syncToken === undefined ? [] : events);
    const query = new URLSearchParams(syncToken === undefined ? {} : { syncToken });
    let page: Page | undefined;
    do {
      if (page?.nextPageToken) query.set('pageToken', page.nextPageToken);
      const response = await call(`?${query.toString()}`);
      if (response.status === 410) {
        // The token has expired: list everything, and show the old copy until that is done.
        syncToken = undefined;
        return sync();
      }
      if (!response.ok) throw new Error(`list failed: ${response.status}`);
      const listed: Page = await response.json();
      page = listed;
      for (const event of page.items)
        if (event.status === 'cancelled') next.delete(event.id);
        else next.set(event.id, event.summary ?? '');
    } while (page.nextPageToken !== undefined);
    events = next;
    syncToken = page.nextSyncToken;
  }

  return {
    sync,
    summaries: () => [...events.values()],
    watch: (address: string) => call('/watch', { id: crypto.randomUUID(), type: 'web_hook', address }),
    /** The web hook: Google says that something changed, the list says what. */
    async receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
      if (request.headers['x-goog-resource-state'] === 'exists') await sync();
      response.writeHead(204).end();
    },
  };
}

const ADA = 'ada@example.com';
const day = { start: { date: '2030-01-07' }, end: { date: '2030-01-08' } };
let emulator: CalendarEmulator;
let app: ReturnType<typeof createApp>;

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
const insert = (summary: string): Promise<Response> =>
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
  const address = webhook.address();
  if (typeof address !== 'object' || address === null) throw new Error('not listening');
  await app.watch(`http://127.0.0.1:${address.port}`);
  await insert('Review');
  await emulator.settle(); // resolves when every notification has been delivered
  expect(app.summaries()).toEqual(['Lunch', 'Review']);
  webhook.close();
});
