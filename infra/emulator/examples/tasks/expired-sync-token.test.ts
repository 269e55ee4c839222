import { expect, onTestFinished, test } from 'vitest';
import { start } from '../start.ts';

test('after a 410 the copy is complete again, without what was deleted in between', async () => {
  const { emulator, app, edit, remove, titles, close } = await start();
  onTestFinished(close);
  await edit('Lunch');
  await edit('Dinner');
  await app.sync();

  emulator.scenario('token-expired');
  await remove(app.events()[0]?.id ?? '');
  await edit('Breakfast');
  await app.sync();

  expect(titles()).toEqual(['Dinner', 'Breakfast']);
  expect(emulator.journal.requests({ status: 410 })).toHaveLength(1);
});
