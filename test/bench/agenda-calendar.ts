/** A calendar with work, a family and a past of any length. */
import type { Item } from '../../functions/calendar/resources.ts';

/** Midnight of a Tuesday. Everything in these calendars is in UTC. */
export const TODAY = Date.parse('2030-06-04T00:00:00Z');

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const dateTime = (ms: number) => ({ dateTime: new Date(ms).toISOString(), timeZone: 'UTC' });
const date = (ms: number) => ({ date: new Date(ms).toISOString().slice(0, 10) });
const basic = (ms: number): string => new Date(ms).toISOString().replaceAll(/[-:]|\.\d+/g, '');

const event = (id: string, more: object): Item => ({
  id,
  etag: `"${id}"`,
  status: 'confirmed',
  summary: `Meeting ${id}`,
  ...more,
});

/** Returns an event of some hours; `at` is in ms from today's midnight. */
const timed = (id: string, at: number, hours: number, more: object = {}): Item =>
  event(id, { start: dateTime(TODAY + at), end: dateTime(TODAY + at + hours * HOUR), ...more });

const days = (id: string, first: number, count: number, more: object = {}): Item =>
  event(id, {
    start: date(TODAY + first * DAY),
    end: date(TODAY + (first + count) * DAY),
    ...more,
  });

/** Returns a changed occurrence of a series, identified by its original start. */
const exception = (series: string, original: number, more: object): Item => ({
  ...timed(`${series}_${basic(TODAY + original)}`, original, 1, more),
  recurringEventId: series,
  originalStartTime: dateTime(TODAY + original),
});

const CANCELLED = { status: 'cancelled' };
const moved = (to: number) => ({ start: dateTime(TODAY + to), end: dateTime(TODAY + to + HOUR) });
const weekdays = { recurrence: ['RRULE:FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR'] };

/** Three years of Tuesdays ago, when the series start. */
const LONG_AGO = -156 * 7 * DAY;

/** Returns events of these days or to come: eight series with exceptions, single events, a journey, a year's plans. */
export function livingEvents(): readonly Item[] {
  return [
    timed('standup', LONG_AGO + 9 * HOUR, 1, weekdays),
    timed('lunch', LONG_AGO + 12 * HOUR, 1, weekdays),
    timed('team', LONG_AGO + 14 * HOUR, 1, { recurrence: ['RRULE:FREQ=WEEKLY'] }),
    timed('oneonone', LONG_AGO + 7 * DAY + 10 * HOUR, 1, { recurrence: ['RRULE:FREQ=WEEKLY;INTERVAL=2'] }),
    timed('review', LONG_AGO + 16 * HOUR, 2, { recurrence: ['RRULE:FREQ=MONTHLY;BYDAY=1TU'] }),
    timed('course', -28 * DAY + 17 * HOUR, 2, { recurrence: ['RRULE:FREQ=WEEKLY;COUNT=10'] }),
    ...[3, 100].map((day) => days(`birthday${day}`, day - 365 * 3, 1, { recurrence: ['RRULE:FREQ=YEARLY'] })),
    exception('standup', 9 * HOUR, moved(11 * HOUR)),
    exception('standup', DAY + 9 * HOUR, CANCELLED),
    exception('lunch', 12 * HOUR, { summary: 'Lunch with Grace' }),
    exception('team', 14 * HOUR, CANCELLED),
    exception('team', 7 * DAY + 14 * HOUR, moved(8 * DAY)),
    // As many exceptions of each series before as after today.
    ...Array.from({ length: 50 }, (_, week) =>
      exception('team', (week - 60) * 7 * DAY + 14 * HOUR, CANCELLED),
    ),
    ...[8, 13, 18].map((hour) => timed(`today${hour}`, hour * HOUR, 1)),
    days('journey', -3, 5),
    ...Array.from({ length: 60 }, (_, index) => timed(`soon${index}`, (index + 2) * 11 * HOUR, 1)),
    ...Array.from({ length: 500 }, (_, index) => timed(`later${index}`, 32 * DAY + index * 17 * HOUR, 1)),
  ];
}

/** Returns past events, latest first: single events, whole days, ended series and their exceptions. */
export function pastEvents(count: number): readonly Item[] {
  return Array.from({ length: count }, (_, index) => {
    const at = -(index + 2) * HOUR;
    const id = `past${String(index).padStart(6, '0')}`;
    const until = basic(TODAY + at - 30 * DAY);
    switch (index % 20) {
      case 7:
        return days(id, Math.floor(at / DAY) - 3, 2);
      case 11:
        return timed(id, at - 90 * DAY, 1, { recurrence: [`RRULE:FREQ=WEEKLY;UNTIL=${until}`] });
      case 13:
        return { ...exception(id, at - 4 * DAY, CANCELLED), recurringEventId: 'ended' };
      case 17:
        return { ...exception(id, at - 4 * DAY, moved(at)), recurringEventId: 'ended' };
      default:
        return timed(id, at, 1);
    }
  });
}
