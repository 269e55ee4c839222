import { expect, onTestFinished, test } from 'vitest';
import { start } from '../start.ts';

test('the journal shows which notification an edit caused', async () => {
  const { emulator, app, edit, settle, close } = await start();
  onTestFinished(close);
  await app.watch();
  await edit('Lunch');
  await settle();

  const [request] = emulator.journal.requests({ method: 'calendar.events.quickAdd' });
  const caused = emulator.journal.notifications({ cause: request?.id ?? '' });
  expect(caused).toMatchObject([{ state: 'exists', attempt: 1, fate: 'delivered', status: 204 }]);
});
