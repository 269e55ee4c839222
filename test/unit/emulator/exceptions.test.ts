/** Changed occurrences of a series, when the series loses the occurrence and has it again. */
import { beforeEach, describe, expect, test } from 'vitest';
import { ADA, BOB, nine, people } from '../../support/emulator/people.ts';

let { call, insert, patch, read } = people();
const changed = 'seria_20300108T090000Z';
const cancelled = 'seria_20300109T090000Z';
const moved = 'seria_20300110T090000Z';
const evening = {
  start: { dateTime: '2030-02-01T18:00:00Z' },
  end: { dateTime: '2030-02-01T19:00:00Z' },
};
const remove = async (eventId: string, user = ADA) =>
  call(user, 'events.delete', { params: { calendarId: user, eventId } });
const recurrence = ['RRULE:FREQ=DAILY;COUNT=4'];

beforeEach(async () => {
  ({ call, insert, patch, read } = people());
  await insert(ADA, { id: 'seria', recurrence, attendees: [{ email: ADA }, { email: BOB }] });
  await patch(ADA, changed, { summary: 'Late' });
  await remove(cancelled);
  await patch(ADA, moved, evening);
});

const ten = { start: { dateTime: '2030-01-07T10:00:00Z' }, end: { dateTime: '2030-01-07T11:00:00Z' } };

describe.each([
  ['is moved and moved back', ten, { start: nine.start, end: nine.end }],
  ['is shortened and prolonged', { recurrence: ['RRULE:FREQ=DAILY;COUNT=1'] }, { recurrence }],
  ['stops recurring and recurs again', { recurrence: null }, { recurrence }],
  ['is deleted and restored', { status: 'cancelled' }, { status: 'confirmed' }],
])('if its series %s', (_, away, back) => {
  test.each([
    ['its organizer', ADA],
    ['a guest', BOB],
  ])('a changed occurrence returns to %s, and a cancelled one does not', async (_who, user) => {
    await patch(ADA, 'seria', away);
    expect(await read(user, changed)).toMatchObject({ status: 'cancelled' });
    await patch(ADA, 'seria', back);
    expect(await read(user, changed)).toMatchObject({ status: 'confirmed', summary: 'Late' });
    expect(await read(user, moved)).toMatchObject({ status: 'confirmed', ...evening });
    expect(await read(user, cancelled)).toMatchObject({ status: 'cancelled' });
  });

  test('a changed occurrence that is cancelled after its return stays so', async () => {
    await patch(ADA, 'seria', away);
    await patch(ADA, 'seria', back);
    await remove(changed);
    await patch(ADA, 'seria', away);
    await patch(ADA, 'seria', back);
    for (const user of [ADA, BOB]) expect(await read(user, changed)).toMatchObject({ status: 'cancelled' });
  });

  test('an occurrence that a guest has deleted does not return to that guest', async () => {
    await remove(changed, BOB);
    await patch(ADA, 'seria', away);
    await patch(ADA, 'seria', back);
    expect(await read(BOB, changed)).toMatchObject({ status: 'cancelled' });
    expect(await read(ADA, changed)).toMatchObject({ status: 'confirmed' });
  });
});

test('a changed occurrence returns with a series that was cleared and is restored', async () => {
  await call(ADA, 'calendars.clear', { params: { calendarId: ADA } });
  await patch(ADA, 'seria', { status: 'confirmed' });
  expect(await read(ADA, changed)).toMatchObject({ status: 'confirmed', summary: 'Late' });
});

test('a changed occurrence ends and returns with the series that is imported again', async () => {
  const iCalUID = 'standup@example.org';
  const importAs = async (rule: string[]) =>
    call(ADA, 'events.import', {
      params: { calendarId: ADA },
      body: { iCalUID, ...nine, recurrence: rule },
    });
  const { body } = await importAs(recurrence);
  const occurrence = `${String(body['id'])}_20300108T090000Z`;
  await patch(ADA, occurrence, { summary: 'Late' });
  await importAs(['RRULE:FREQ=DAILY;COUNT=1']);
  expect(await read(ADA, occurrence)).toMatchObject({ status: 'cancelled' });
  await importAs(recurrence);
  expect(await read(ADA, occurrence)).toMatchObject({ status: 'confirmed', summary: 'Late' });
});

test('an occurrence that its organizer restores returns to the guests', async () => {
  expect(await read(BOB, cancelled)).toMatchObject({ status: 'cancelled' });
  await patch(ADA, cancelled, { status: 'confirmed' });
  for (const user of [ADA, BOB]) expect(await read(user, cancelled)).toMatchObject({ status: 'confirmed' });
});
