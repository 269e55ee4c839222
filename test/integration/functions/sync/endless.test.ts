/** Lists without an end: a server whose page tokens repeat until it recovers. */
import { createServer } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listen } from '../../../../infra/emulator/wire/wire.ts';
import { startSyncBench } from '../../../support/sync-bench.ts';

/** The next page token of each page; null ends the list. */
let nextTokens: Readonly<Record<string, string | null>> = {};
let calls: string[] = [];
const server = createServer(({ url = '/' }, response) => {
  const { searchParams } = new URL(url, 'http://localhost');
  const pageToken = searchParams.get('pageToken') ?? 'first';
  calls.push(`${searchParams.has('syncToken') ? 'incremental' : 'full'} ${pageToken}`);
  const next = nextTokens[pageToken] ?? null;
  const start = { dateTime: '2030-01-01T10:00:00Z' };
  const items = [{ id: `on-${pageToken}`, etag: '"1"', start, end: { dateTime: '2030-01-01T11:00:00Z' } }];
  response.setHeader('content-type', 'application/json');
  response.end(
    JSON.stringify({ items, ...(next === null ? { nextSyncToken: 'sync' } : { nextPageToken: next }) }),
  );
});
let bench: Awaited<ReturnType<typeof startSyncBench>>;
let invocations: Awaited<ReturnType<typeof startSyncBench>>;
beforeAll(async () => {
  const CALENDAR_API_ROOT_URL = await listen(server, 0);
  bench = await startSyncBench({ CALENDAR_API_ROOT_URL });
  // One page for each invocation.
  invocations = await startSyncBench({ CALENDAR_API_ROOT_URL, SYNC_DEADLINE_SECONDS: '0' });
});
afterAll(async () => {
  await Promise.all([bench.close(), invocations.close()]);
  server.closeAllConnections();
  server.close();
});

const USER = 'ada@example.com';
const ENDS = { first: 'A', A: 'B', B: null };
async function open({ writeSpec, handle, firestore }: typeof bench, watchId: string) {
  await writeSpec(watchId, { user: USER, resource: 'events', calendarId: watchId });
  const status = async (): Promise<unknown> =>
    (await firestore.doc(`watches/${watchId}`).get()).get('status');
  const mirrored = async () =>
    (await firestore.collection(`users/${USER}/calendars/${watchId}/events`).get()).docs.map(({ id }) => id);
  return { poll: () => handle({ reason: 'poll', watchId }), status, mirrored };
}
const FAILED = {
  reason: 'pageTokenRepeated',
  detail: expect.stringContaining('gave a page token twice'),
  sync: { error: 'pageTokenRepeated', failures: 1 },
};

test.each([
  ['names itself', { first: 'A', A: 'A' }, 2],
  ['names an earlier one', { first: 'A', A: 'B', B: 'A' }, 4],
])(
  'a page that %s as the next one is a failure, and nothing is lost once the list ends',
  async (_, cycle, most) => {
    const { poll, status, mirrored } = await open(bench, `cycle-${String(most)}`);
    [nextTokens, calls] = [cycle, []];
    await poll();
    expect(await status()).toMatchObject(FAILED);
    expect(calls.length).toBeLessThanOrEqual(most);
    nextTokens = ENDS;
    await poll();
    expect(await status()).toMatchObject({ sync: { token: 'sync', failures: 0 } });
    expect(await mirrored()).toEqual(['on-A', 'on-B', 'on-first']);
  },
);

test('a cycle is detected across invocations that read one page each', async () => {
  const { poll, status } = await open(invocations, 'continued');
  [nextTokens, calls] = [{ first: 'A', A: 'B', B: 'C', C: 'A' }, []];
  for (let count = 0; count < 8; count += 1) await poll();
  expect(calls.slice(0, 8)).toContain('full C');
  expect(await status()).toMatchObject(FAILED);
});

test('an incremental list without an end becomes a full one after three failures', async () => {
  const { poll, status } = await open(bench, 'incremental');
  nextTokens = { first: null };
  await poll();
  [nextTokens, calls] = [{ first: 'A', A: 'A' }, []];
  for (let count = 0; count < 3; count += 1) await poll();
  expect(await status()).toMatchObject({ sync: { failures: 3 } });
  expect(new Set(calls.map((call) => call.split(' ')[0]))).toEqual(new Set(['incremental']));
  [nextTokens, calls] = [ENDS, []];
  await poll();
  expect(calls[0]).toBe('full first');
  expect(await status()).toMatchObject({ sync: { failures: 0, token: 'sync' } });
});
