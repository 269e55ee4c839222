import { beforeEach, describe, expect, test } from 'vitest';
import { ADA, BOB, CY, nine, people } from '../../support/emulator/people.ts';

let { insert, patch, update, read } = people();
beforeEach(() => {
  ({ insert, patch, update, read } = people());
});

const withBob = [{ email: ADA }, { email: BOB }];
const invite = async (fields: object = {}) => {
  await insert(ADA, { id: 'meet0', summary: 'Meet', attendees: withBob, ...fields });
};
const inviteCy = async () => patch(BOB, 'meet0', { attendees: [...withBob, { email: CY }] });

describe('a guest', () => {
  test('invites others, who get a copy', async () => {
    await invite();
    expect(await inviteCy()).toMatchObject({ status: 200 });
    for (const user of [ADA, BOB, CY])
      expect(await read(user, 'meet0')).toMatchObject({
        status: 'confirmed',
        attendees: [{ email: ADA }, { email: BOB }, { email: CY }],
      });
  });

  test.each([
    [
      'invite others if the organizer forbids it',
      { guestsCanInviteOthers: false },
      [...withBob, { email: CY }],
    ],
    ['remove others', {}, [{ email: BOB }]],
    [
      'change others while inviting some',
      {},
      [{ email: ADA, optional: true }, { email: BOB }, { email: CY }],
    ],
  ])('cannot %s', async (_, fields, attendees) => {
    await invite(fields);
    expect(await patch(BOB, 'meet0', { attendees })).toMatchObject({
      status: 403,
      reason: 'forbiddenForNonOrganizer',
    });
    expect(await read(ADA, 'meet0')).toMatchObject({ attendees: [{ email: ADA }, { email: BOB }] });
  });

  test('who does not see the others answers with an update', async () => {
    await invite({ guestsCanSeeOtherGuests: false });
    const seen = await read(BOB, 'meet0');
    expect(seen).toMatchObject({ attendees: [{ email: BOB }], attendeesOmitted: true });
    const attendees = [{ email: BOB, responseStatus: 'accepted' }];
    expect(await update(BOB, 'meet0', { ...seen, attendees })).toMatchObject({ status: 200 });
    expect(await read(ADA, 'meet0')).toMatchObject({
      attendees: [{ email: ADA }, { email: BOB, responseStatus: 'accepted' }],
    });
  });

  test('who may change the event also removes fields', async () => {
    await invite({ guestsCanModify: true, location: 'Room 1' });
    await patch(BOB, 'meet0', { location: null });
    for (const user of [ADA, BOB]) expect(await read(user, 'meet0')).not.toHaveProperty('location');
  });

  test('who may change the event leaves what is personal of the organizer', async () => {
    await invite({ guestsCanModify: true, colorId: '5', extendedProperties: { private: { mine: '1' } } });
    await patch(BOB, 'meet0', { summary: 'Ours', extendedProperties: { shared: { ours: '2' } } });
    expect(await read(ADA, 'meet0')).toMatchObject({
      summary: 'Ours',
      colorId: '5',
      extendedProperties: { private: { mine: '1' }, shared: { ours: '2' } },
    });
    const copy = await read(BOB, 'meet0');
    expect(copy).not.toHaveProperty('colorId');
    expect(copy['extendedProperties']).toEqual({ shared: { ours: '2' } });
  });
});

test('an update with omitted attendees keeps those that it does not name', async () => {
  await invite();
  await update(ADA, 'meet0', { ...nine, attendeesOmitted: true });
  expect(await read(ADA, 'meet0')).toMatchObject({ attendees: [{ email: ADA }, { email: BOB }] });
});

test('whether an attendee is a resource is decided by the first write', async () => {
  await invite({
    attendees: [{ email: 'room@resource.calendar.google.com', resource: true }, { email: BOB }],
  });
  const attendees = [{ email: 'room@resource.calendar.google.com' }, { email: BOB, resource: true }];
  const { body } = await patch(ADA, 'meet0', { attendees });
  expect(body['attendees']).toEqual([
    { email: 'room@resource.calendar.google.com', resource: true, responseStatus: 'needsAction' },
    { email: BOB, responseStatus: 'needsAction' },
  ]);
});
