import { expect, onTestFinished, test } from 'vitest';
import { start } from '../start.ts';

test.each(['before', 'after'] as const)(
  'an event is added once if the connection breaks %s the write',
  async (when) => {
    const { emulator, app, titles, close } = await start();
    onTestFinished(close);

    emulator.scenario('connection-lost', { method: 'calendar.events.insert', when });
    await app.add({ summary: 'Lunch', start: { date: '2030-01-07' }, end: { date: '2030-01-08' } });

    await app.sync();
    expect(titles()).toEqual(['Lunch']);
    const inserts = emulator.journal.requests({ method: 'calendar.events.insert' });
    expect(inserts.map(({ status }) => status)).toEqual([0, when === 'after' ? 409 : 200]);
  },
);
