import { expect, onTestFinished, test } from 'vitest';
import { start } from '../start.ts';

test('a channel that falls silent is replaced, once a poll finds changes that it did not announce', async () => {
  const { emulator, app, edit, settle, titles, close } = await start();
  onTestFinished(close);
  await app.sync();
  await app.watch();
  const [silent] = emulator.channels.list();

  emulator.scenario('dead-channel');
  await edit('Lunch');
  emulator.scenario('clock-jump', { minutes: 15 });
  await app.tick();
  expect(titles()).toEqual(['Lunch']);
  expect(emulator.channels.find(silent?.id ?? '')).toBeUndefined();

  await edit('Dinner');
  await settle();
  expect(titles()).toEqual(['Lunch', 'Dinner']);
});
