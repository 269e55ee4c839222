import { expect, onTestFinished, test } from 'vitest';
import { start } from '../start.ts';

test('a notification that arrives three times leads to one list call', async () => {
  const { emulator, app, edit, settle, titles, close } = await start();
  onTestFinished(close);
  await app.sync();
  await app.watch();
  await settle();
  emulator.journal.clear();

  emulator.scenario('duplicate-notification', { copies: 2 });
  await edit('Lunch');
  await settle();

  expect(titles()).toEqual(['Lunch']);
  expect(emulator.journal.counts()).toMatchObject({
    notifications: { delivered: 3 },
    requests: { 'calendar.events.list': 1 },
  });
});
