import { afterAll, beforeAll, expect, it } from 'vitest';

import { clientOf } from '../../../support/emulator/client.ts';
import { startSyncBench } from '../../../support/sync-bench.ts';

const ADA = 'ada@example.com';
let bench: Awaited<ReturnType<typeof startSyncBench>>;
const api = () => clientOf(bench.calendar.url, ADA);
const days = { start: { date: '2030-01-01' }, end: { date: '2030-01-02' } };

afterAll(() => bench.close());
beforeAll(async () => {
  bench = await startSyncBench(
    {},
    { initial: { users: [{ email: ADA }] }, orphanedOccurrences: true, pageLimit: 2 },
  );
  for (const id of ['alive', 'gone0']) {
    const recurrence = ['RRULE:FREQ=DAILY;COUNT=4'];
    await api().events.insert({ calendarId: ADA, requestBody: { id, ...days, recurrence } });
    await api().events.delete({ calendarId: ADA, eventId: `${id}_20300102` });
  }
});

it('a cancelled occurrence whose series is missing from a full list is not mirrored (F29)', async () => {
  await bench.writeSpec('ada', { user: ADA, resource: 'events', calendarId: ADA });
  const mirrored = async () =>
    (await bench.firestore.collection(`users/${ADA}/calendars/${ADA}/events`).get()).docs.map(({ id }) => id);
  await bench.handle({ reason: 'poll', watchId: 'ada' });
  expect(await mirrored()).toEqual(['alive', 'alive_20300102', 'gone0', 'gone0_20300102']);

  // Without a sync token, no list reports the deletion.
  await api().events.delete({ calendarId: ADA, eventId: 'gone0' });
  bench.calendar.store.expireSyncTokens();
  await bench.handle({ reason: 'poll', watchId: 'ada' });
  expect(await mirrored()).toEqual(['alive', 'alive_20300102']);
  expect(bench.published).toHaveLength(6);

  await bench.writeSpec('ada', { user: ADA, resource: 'events', calendarId: ADA });
  await bench.handle({ reason: 'manual', watchId: 'ada', full: true });
  expect(await mirrored()).toEqual(['alive', 'alive_20300102']);
  expect(bench.published).toHaveLength(6);
});
