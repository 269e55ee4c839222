import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { handleNotification } from '../../../../functions/sync/engine.ts';
import { ADA, seedCalendar } from '../../../support/seeded-calendar.ts';
import { startSyncBench, type SyncBench } from '../../../support/sync-bench.ts';

/** Traversals that are abandoned half-way. */

let bench: SyncBench;

beforeAll(async () => {
  bench = await startSyncBench({}, { pageLimit: 250 });
});
afterAll(() => bench.close());

const calendarWith = (events: number, summary?: string) => seedCalendar(bench, events, summary);
const poll = (watchId: string) => ({ reason: 'poll', watchId }) as const;

/** Runs `count` invocations of one step each. */
async function steps(watchId: string, count: number): Promise<void> {
  const oneStep = { ...bench.context, deadlineMs: 0, publishNotification: () => Promise.resolve('id') };
  for (let step = 0; step < count; step += 1) {
    await handleNotification(oneStep, poll(watchId), Date.now() + 1000);
  }
}

describe('a traversal that is abandoned', () => {
  it('leaves nothing missing if a purge is called off', async () => {
    const { calendarId, watchId, mirrored } = await calendarWith(700);
    const watchSpec = { user: ADA, resource: 'events', calendarId };
    await bench.handle(poll(watchId));
    await bench.writeSpec(watchId, { ...watchSpec, removed: 'purge' });
    await bench.firestore.doc(`watches/${watchId}`).update({ 'status.state': 'removing' });
    await steps(watchId, 1);
    expect((await mirrored()).size).toBe(400);

    await bench.firestore.doc(`watches/${watchId}`).update({ spec: watchSpec });
    await bench.handle(poll(watchId));
    expect((await mirrored()).size).toBe(700);
  });

  it('leaves nothing missing if a spec is edited and restored', async () => {
    const { calendarId, watchId, mirrored } = await calendarWith(700);
    const watchSpec = { user: ADA, resource: 'events', calendarId };
    await bench.handle(poll(watchId));
    await bench.firestore
      .doc(`watches/${watchId}`)
      .update({ spec: { ...watchSpec, eventTypes: ['focusTime'] } });
    await steps(watchId, 2);
    expect((await mirrored()).size).toBe(400);

    await bench.firestore.doc(`watches/${watchId}`).update({ spec: watchSpec });
    await bench.handle(poll(watchId));
    expect((await mirrored()).size).toBe(700);
  });
});
