import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Emulated, startEmulated } from '../../support/emulator/emulated.ts';
import { Copy } from '../../support/emulator/pages.ts';

let running: Emulated;

beforeAll(async () => {
  running = await startEmulated({ emptyPages: 0.3 });
});
afterAll(() => running.stop());

const calendarId = 'primary';
const series = ['seria', 'serib'];
const singles = ['sinla', 'sinlb'];
const rules = ['RRULE:FREQ=DAILY;COUNT=4', 'RRULE:FREQ=DAILY;COUNT=2', 'RRULE:FREQ=DAILY;INTERVAL=2;COUNT=3'];

const at = (hour: number) => ({
  start: { dateTime: `2030-01-01T0${hour}:00:00Z`, timeZone: 'UTC' },
  end: { dateTime: `2030-01-01T0${hour}:30:00Z`, timeZone: 'UTC' },
});
const hour = fc.integer({ min: 1, max: 3 });
const occurrence = fc
  .tuple(fc.constantFrom(...series), fc.integer({ min: 1, max: 4 }), hour)
  .map(([id, day, when]) => `${id}_2030010${day}T0${when}0000Z`);
const anyId = fc.oneof(fc.constantFrom(...series, ...singles), occurrence);

/** One edit. The API may reject it (a taken id, a missing occurrence); then nothing changes. */
const edit = fc.oneof(
  fc.record({
    do: fc.constant('insert' as const),
    id: fc.constantFrom(...series, ...singles),
    hour,
    rule: fc.constantFrom(...rules),
  }),
  fc.record({ do: fc.constant('rename' as const), id: anyId, name: fc.constantFrom('a', 'b', 'c') }),
  fc.record({ do: fc.constant('move' as const), id: anyId, hour }),
  fc.record({
    do: fc.constant('repeat' as const),
    id: fc.constantFrom(...series, ...singles),
    rule: fc.option(fc.constantFrom(...rules)),
  }),
  fc.record({ do: fc.constant('delete' as const), id: anyId }),
  fc.record({ do: fc.constant('restore' as const), id: anyId }),
  fc.record({ do: fc.constant('sync' as const) }),
);
type Edit = typeof edit extends fc.Arbitrary<infer T> ? T : never;

async function perform(step: Exclude<Edit, { do: 'sync' }>): Promise<void> {
  const { events } = running.ada;
  const options = { validateStatus: () => true };
  const patch = (requestBody: object) => events.patch({ calendarId, eventId: step.id, requestBody }, options);
  switch (step.do) {
    case 'insert': {
      const recurrence = series.includes(step.id) ? { recurrence: [step.rule] } : {};
      const requestBody = { id: step.id, ...at(step.hour), ...recurrence };
      await events.insert({ calendarId, requestBody }, options);
      break;
    }
    case 'rename':
      await patch({ summary: step.name });
      break;
    case 'move':
      await patch(at(step.hour));
      break;
    case 'repeat':
      await patch({ recurrence: step.rule === null ? null : [step.rule] });
      break;
    case 'delete':
      await events.delete({ calendarId, eventId: step.id }, options);
      break;
    case 'restore':
      await patch({ status: 'confirmed' });
      break;
  }
}

test.each([[{}], [{ singleEvents: true }], [{ showDeleted: true }]])(
  'a client that follows its sync tokens has the same items as a full list (%j)',
  async (parameters) => {
    await fc.assert(
      fc.asyncProperty(fc.array(edit, { maxLength: 20, size: 'max' }), async (steps) => {
        await running.emulator.reset();
        const copy = new Copy(running.ada, calendarId, { ...parameters, maxResults: 3 });
        for (const id of [...series, ...singles])
          await perform({ do: 'insert', id, hour: 1, rule: 'RRULE:FREQ=DAILY;COUNT=4' });
        await copy.sync();
        for (const step of steps) await (step.do === 'sync' ? copy.sync() : perform(step));
        await copy.sync();
        const fresh = new Copy(running.ada, calendarId, parameters);
        await fresh.sync();
        expect(copy.living()).toEqual(fresh.living());
      }),
      { numRuns: 60, seed: 20_300_101 },
    );
  },
);
