import { expect, test } from 'vitest';
import { clockMessage } from '../../../../functions/feed/clock-message.ts';
import { parseClockMessage, type ClockMessage } from '../../../../functions/feed/consumer.ts';
import { schemaProblem } from '../../../support/message-schemas.ts';

const START: ClockMessage = {
  watchId: 'ana-team',
  user: 'ana@example.com',
  calendarId: 'team@example.com',
  eventId: 'review',
  moment: 'start',
  dueAt: '2027-01-04T10:00:00.000Z',
  startsAt: '2027-01-04T10:00:00.000Z',
  endsAt: '2027-01-04T11:00:00.000Z',
  sequence: 42,
  event: { id: 'review' },
};
const messageOf = (more: Partial<ClockMessage> = {}) =>
  clockMessage({ ...START, ...more }, 'users/x/events/review');

test.each([
  ['-PT10M', 'upcoming'],
  ['-P1D', 'upcoming'],
  ['start', 'started'],
  ['PT5M', 'started'],
  ['end', 'ended'],
])('the moment %s has the type calendar.clock.%s', (moment, type) => {
  const { attributes } = messageOf({ moment });
  expect(attributes).toMatchObject({ 'ce-type': `calendar.clock.${type}`, moment });
  expect(attributes['ce-id']).toBe(`ana-team/review/2027-01-04T10:00:00.000Z/${moment}`);
});

test('a message is what a consumer parses, and valid by its schema', () => {
  for (const message of [START, { ...START, late: true, recurringEventId: 'series' }]) {
    const { attributes, data } = messageOf(message);
    expect(parseClockMessage(data)).toEqual({ ok: true, message });
    expect(parseClockMessage(data.toString())).toEqual({ ok: true, message });
    expect(schemaProblem({ attributes, data: JSON.parse(data.toString()) })).toBeUndefined();
  }
});

test.each([
  ['{', 'data is not valid JSON'],
  ['{"watchId":"x"}', 'data does not match the ClockMessage schema: user, calendarId, '],
])('data such as %s is rejected with the reason', (data, problem) => {
  expect(parseClockMessage(data)).toEqual({ ok: false, problem: expect.stringContaining(problem) });
});

test('a message of the longest ids has an id of its own, which Pub/Sub accepts', () => {
  const watchId = 'w'.repeat(100);
  const ids = ['a', 'b'].map((last) => {
    const eventId = 'e'.repeat(1023) + last;
    const { attributes } = messageOf({ watchId, eventId, moment: '-P0000031DT0000000H0000000M0000000S' });
    return attributes['ce-id'] ?? '';
  });
  expect(new Set(ids).size).toBe(2);
  for (const id of ids) expect(id).toMatch(/^w{100}\/[\da-f]{64}\/2027/);
  const longest = messageOf({ watchId, eventId: 'e'.repeat(800) }).attributes['ce-id'] ?? '';
  expect(longest).toContain('e'.repeat(800));
});
