import { expect, onTestFinished, test } from 'vitest';
import { start } from '../start.ts';

test('a channel that lapses in a week is renewed a day before, and changes go on arriving', async () => {
  const { emulator, app, edit, settle, titles, close } = await start();
  onTestFinished(close);
  await app.sync();
  await app.watch();
  const [first] = emulator.channels.list();

  emulator.scenario('clock-jump', { days: 6, minutes: 1 });
  await app.tick();
  const open = emulator.channels.list();
  expect(open).toMatchObject([{ state: 'live' }]);
  expect(open[0]?.id).not.toBe(first?.id);

  emulator.scenario('clock-jump', { days: 2 });
  await app.tick();
  await edit('Lunch');
  await settle();
  expect(titles()).toEqual(['Lunch']);
});
