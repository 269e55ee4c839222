/** Random edits of a primary calendar: series with exceptions, and single events. */
import * as fc from 'fast-check';
import type { calendar_v3 } from 'googleapis/build/src/apis/calendar/index.js';

export const calendarId = 'primary';
export const series = ['seria', 'serib'];
export const singles = ['sinla', 'sinlb'];
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

/** One edit, or a sync of the client. The API may reject it (a taken id, a missing occurrence); then nothing changes. */
export const edit = fc.oneof(
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
export type Edit = typeof edit extends fc.Arbitrary<infer T> ? T : never;

/** Makes an edit. */
export async function perform(
  { events }: calendar_v3.Calendar,
  step: Exclude<Edit, { do: 'sync' }>,
): Promise<void> {
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
