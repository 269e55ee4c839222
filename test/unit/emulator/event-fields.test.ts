/** Fields of events whose writing has rules of its own. */
import { beforeEach, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { ADA, nine, people } from '../../support/emulator/people.ts';

let { call, insert, patch, update } = people();
beforeEach(() => {
  ({ call, insert, patch, update } = people());
});

const asks = (requestId: string) => ({ conferenceData: { createRequest: { requestId } } });
const Conference = z.looseObject({ conferenceId: z.string() });
const idOf = (body: Readonly<Record<string, unknown>>) =>
  Conference.parse(body['conferenceData']).conferenceId;

describe('a request for a conference', () => {
  const query = { conferenceDataVersion: 1 };
  const first = async () => idOf((await insert(ADA, { id: 'meet0', ...asks('one') }, { query })).body);

  test.each([
    ['a patch', async () => patch(ADA, 'meet0', asks('one'), { query })],
    ['an update', async () => update(ADA, 'meet0', { ...nine, ...asks('one') }, { query })],
  ])('is ignored by %s with the id of the one before', async (_, again) => {
    const id = await first();
    expect(idOf((await again()).body)).toBe(id);
  });

  test.each([
    ['a patch', async () => patch(ADA, 'meet0', asks('two'), { query })],
    ['an update', async () => update(ADA, 'meet0', { ...nine, ...asks('two') }, { query })],
  ])('creates another one by %s with another id', async (_, again) => {
    const id = await first();
    const { body } = await again();
    expect(idOf(body)).not.toBe(id);
    expect(body['hangoutLink']).toBe(`https://meet.google.com/${idOf(body)}`);
  });

  test('is not repeated where the conference of another event is copied', async () => {
    const { body } = await insert(ADA, { id: 'meet0', ...asks('one') }, { query });
    const { conferenceData } = body;
    await insert(ADA, { id: 'meet1', ...asks('two') }, { query });
    expect(idOf((await insert(ADA, { conferenceData }, { query })).body)).toBe(idOf(body));
    expect(idOf((await patch(ADA, 'meet1', { conferenceData }, { query })).body)).toBe(idOf(body));
  });
});

test('a client that knows labels does not change the color', async () => {
  const query = { eventLabelVersion: 1 };
  expect((await insert(ADA, { colorId: '5' }, { query })).body).not.toHaveProperty('colorId');
  await insert(ADA, { id: 'plan0', colorId: '5' });
  expect((await patch(ADA, 'plan0', { colorId: '6' }, { query })).body).toMatchObject({ colorId: '5' });
});

test('reminders of its own say that an event does not use the default ones', async () => {
  const overrides = [{ method: 'popup', minutes: 5 }];
  const { body } = await insert(ADA, { reminders: { overrides } });
  expect(body['reminders']).toEqual({ useDefault: false, overrides });
});

test.each(['2030-02-30T09:00:00Z', '2030-02-29', '2030-04-31T00:00:00Z'])(
  'no occurrence starts originally at %s',
  async (originalStart) => {
    await insert(ADA, { id: 'seria', recurrence: ['RRULE:FREQ=DAILY'] });
    const params = { calendarId: ADA, eventId: 'seria' };
    expect(await call(ADA, 'events.instances', { params, query: { originalStart } })).toMatchObject({
      status: 400,
    });
  },
);
