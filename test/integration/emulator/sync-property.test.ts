import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { calendarId, edit, perform, series, singles } from '../../support/emulator/edits.ts';
import { type Emulated, startEmulated } from '../../support/emulator/emulated.ts';
import { Copy } from '../../support/emulator/pages.ts';

let running: Emulated;

beforeAll(async () => {
  running = await startEmulated({ emptyPages: 0.3 });
});
afterAll(() => running.stop());

test.each([[{}], [{ singleEvents: true }], [{ showDeleted: true }]])(
  'a client that follows its sync tokens has the same items as a full list (%j)',
  async (parameters) => {
    await fc.assert(
      fc.asyncProperty(fc.array(edit, { maxLength: 20, size: 'max' }), async (steps) => {
        await running.emulator.reset();
        const copy = new Copy(running.ada, calendarId, { ...parameters, maxResults: 3 });
        for (const id of [...series, ...singles])
          await perform(running.ada, { do: 'insert', id, hour: 1, rule: 'RRULE:FREQ=DAILY;COUNT=4' });
        await copy.sync();
        for (const step of steps) await (step.do === 'sync' ? copy.sync() : perform(running.ada, step));
        await copy.sync();
        const fresh = new Copy(running.ada, calendarId, parameters);
        await fresh.sync();
        expect(copy.living()).toEqual(fresh.living());
      }),
      { numRuns: 60, seed: 20_300_101 },
    );
  },
);
