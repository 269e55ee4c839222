import { expect, onTestFinished, test } from 'vitest';
import { start } from '../start.ts';

test.each([
  ['403, as long as it thinks right', { status: 403 }, [500, 1000]],
  ['429, as long as Google asks for', { status: 429, retryAfterSeconds: 3 }, [3000, 3000]],
] as const)('after a %s, a call is repeated', async (_, parameters, expected) => {
  const { emulator, app, edit, waits, titles, close } = await start();
  onTestFinished(close);
  await edit('Lunch');

  emulator.scenario('quota', { ...parameters, times: 2 });
  await app.sync();

  expect(titles()).toEqual(['Lunch']);
  expect(waits).toEqual(expected);
});
