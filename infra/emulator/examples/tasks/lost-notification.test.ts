import { expect, onTestFinished, test } from 'vitest';
import { start } from '../start.ts';

test('a change whose notification is lost is found by the next poll', async () => {
  const { emulator, app, edit, settle, titles, close } = await start();
  onTestFinished(close);
  await app.sync();
  await app.watch();

  emulator.scenario('lost-notification');
  await edit('Lunch');
  await settle();
  expect(titles()).toEqual([]);

  emulator.scenario('clock-jump', { minutes: 15 });
  await app.tick();
  expect(titles()).toEqual(['Lunch']);
});
