/** Moments of events as `calendar-mirror tail --clock` prints them. */
import { expect, test } from 'vitest';
import type { ClockMessage } from '../../../../../functions/feed/clock-message.ts';
import { momentLine } from '../../../../../infra/cli/format/moment.ts';

const MOMENT: ClockMessage = {
  watchId: 'team',
  user: 'ada@example.com',
  calendarId: 'ada@example.com',
  eventId: 'standup',
  moment: '-PT10M',
  dueAt: '2030-01-07T08:50:00.000Z',
  startsAt: '2030-01-07T09:00:00.000Z',
  endsAt: '2030-01-07T09:15:00.000Z',
  sequence: 7,
  event: { id: 'standup', summary: 'Standup' },
};

test.each<[string, Partial<ClockMessage>, string]>([
  [
    'before the start',
    {},
    '09:50:00 +01:00  ada@example.com  events  -PT10M  “Standup” starts at 10:00:00 +01:00',
  ],
  [
    'the start',
    { moment: 'start', dueAt: MOMENT.startsAt },
    '10:00:00 +01:00  ada@example.com  events  start  “Standup” starts at 10:00:00 +01:00',
  ],
  [
    'after the start, late',
    { moment: 'PT5M', dueAt: '2030-01-07T09:05:00.000Z', late: true },
    '10:05:00 +01:00  ada@example.com  events  PT5M  “Standup” started at 10:00:00 +01:00 (late)',
  ],
  [
    'the end',
    { moment: 'end', dueAt: MOMENT.endsAt },
    '10:15:00 +01:00  ada@example.com  events  end  “Standup” ends at 10:15:00 +01:00',
  ],
  [
    'an event of another calendar, without a title',
    { calendarId: 'team@group.calendar.google.com', event: {} },
    '09:50:00 +01:00  ada@example.com  events of team@group.calendar.google.com  -PT10M  (untitled) starts at 10:00:00 +01:00',
  ],
])('%s', (_, given, expected) => {
  expect(momentLine({ ...MOMENT, ...given }, 'Europe/Berlin')).toBe(`${expected}  team/standup`);
});

test('control characters of a title do not reach the terminal', () => {
  const line = momentLine({ ...MOMENT, event: { summary: 'a\u001B[2Jb\nc' } }, 'UTC');
  expect(['\u001B', '\n'].filter((each) => line.includes(each))).toEqual([]);
});
