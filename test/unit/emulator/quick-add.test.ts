/** events.quickAdd: what English text says about an event, read at 11:20 on Monday, 30 November 2026 in Zurich. */
import { array, assert, constantFrom, integer, oneof, property, string } from 'fast-check';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { loadParsers, readQuickEvent } from '../../../infra/emulator/event/quick-add.ts';
import { spanOf } from '../../../infra/emulator/event/times.ts';
import { openCalendar } from '../../../infra/emulator/state/access.ts';
import { createStore } from '../../../infra/emulator/state/store.ts';
import type { QuickEvent } from '../../../infra/emulator/event/quick-add.ts';

const ADA = 'ada@example.com';
const MONDAY = Date.parse('2026-11-30T10:20:00Z');

let parsers: Awaited<ReturnType<typeof loadParsers>>;
beforeAll(async () => {
  parsers = await loadParsers();
});

interface Setting {
  readonly now?: number;
  readonly timeZone?: string;
  readonly settings?: Readonly<Record<string, string>>;
}

function read(
  text: string,
  { now = MONDAY, timeZone = 'Europe/Zurich', settings = {} }: Setting = {},
): QuickEvent {
  const store = createStore({ clock: { now: () => now } });
  store.signIn(ADA);
  for (const [id, value] of Object.entries(settings)) store.setSetting(ADA, id, value);
  const access = openCalendar(store, ADA, 'primary', 'owner');
  access.calendar.fields = { ...access.calendar.fields, timeZone };
  return readQuickEvent(parsers, text, store, access);
}

const show = (time: QuickEvent['start']): string => time.date ?? time.dateTime?.slice(0, 16) ?? '';

/** Start and end as `date` or UTC time without seconds. */
function times({ start, end }: QuickEvent): string {
  return `${show(start)} ${show(end)}`;
}

test.each([
  ['Lunch with Ada tomorrow 12pm-1pm at Cafe', '2026-12-01T11:00 2026-12-01T12:00', 'Lunch with Ada', 'Cafe'],
  [
    'Appointment at Somewhere on June 3rd 10am-10:25am',
    '2027-06-03T08:00 2027-06-03T08:25',
    'Appointment',
    'Somewhere',
  ],
  ['Lunch at Cafe with Ada tomorrow 12pm', '2026-12-01T11:00 2026-12-01T12:00', 'Lunch with Ada', 'Cafe'],
  ['Lunch tomorrow with Ada at 12pm at Cafe', '2026-12-01T11:00 2026-12-01T12:00', 'Lunch with Ada', 'Cafe'],
  ['Conference 3-5 March in Zurich', '2027-03-03 2027-03-06', 'Conference', 'Zurich'],
  [
    'Coffee with bob@example.com tomorrow 9am',
    '2026-12-01T08:00 2026-12-01T09:00',
    'Coffee with bob@example.com',
    undefined,
  ],
  ['In memory of Bob tomorrow', '2026-12-01 2026-12-02', 'In memory of Bob', undefined],
  ['Call between 3pm and 4pm today', '2026-11-30T14:00 2026-11-30T15:00', 'Call', undefined],
  ['Off-site tomorrow all day', '2026-12-01 2026-12-02', 'Off-site', undefined],
  ['Stand-up every Monday at 9am', '2026-11-30T08:00 2026-11-30T09:00', 'Stand-up every Monday', undefined],
  [
    'Meet Bob on the 3rd floor at 5pm',
    '2026-11-30T16:00 2026-11-30T17:00',
    'Meet Bob on the 3rd floor',
    undefined,
  ],
])('%s', (text, expected, summary, location) => {
  const event = read(text);
  expect([times(event), event.summary, event.location]).toEqual([expected, summary, location]);
});

describe('a day without a time is a whole day', () => {
  test.each([
    ['Holiday on 3 March', '2027-03-03 2027-03-04'],
    ['Holiday on 2026-12-24', '2026-12-24 2026-12-25'],
    ['Camp next Monday for 3 days', '2026-12-07 2026-12-10'],
    ['Trip from Monday to Wednesday', '2026-11-30 2026-12-03'],
    ['Party 25 December - 2 January', '2026-12-25 2027-01-03'],
    ['Conference 12/3-12/5', '2026-12-03 2026-12-06'],
    ['Rent due in 3 days', '2026-12-03 2026-12-04'],
    ['Rent due the day after tomorrow', '2026-12-02 2026-12-03'],
    ['Rent due on the 1st', '2026-12-01 2026-12-02'],
    ['Rent due on the 30th', '2026-11-30 2026-12-01'],
    ['Rent due on the 31st', '2026-12-31 2027-01-01'],
  ])('%s', (text, expected) => {
    expect(times(read(text))).toBe(expected);
  });
});

describe('a time without an end lasts an hour, or as long as the text says', () => {
  test.each([
    ['Dinner tomorrow 7pm', '2026-12-01T18:00 2026-12-01T19:00'],
    ['Meeting tomorrow 3pm for 45 minutes', '2026-12-01T14:00 2026-12-01T14:45'],
    ['Meeting tomorrow 3pm for an hour', '2026-12-01T14:00 2026-12-01T15:00'],
    ['Night shift tomorrow 10pm-2am', '2026-12-01T21:00 2026-12-02T01:00'],
    ['Hackathon Friday 6pm to Sunday 3pm', '2026-12-04T17:00 2026-12-06T14:00'],
    ['Call at 3pm PST tomorrow', '2026-12-01T23:00 2026-12-02T00:00'],
    ['Meeting in 2 hours', '2026-11-30T12:20 2026-11-30T13:20'],
    ['Dinner tonight', '2026-11-30T21:00 2026-11-30T22:00'],
    ['Dentist day after tomorrow 9am', '2026-12-02T08:00 2026-12-02T09:00'],
    ['Exam on the 15th at 9am', '2026-12-15T08:00 2026-12-15T09:00'],
    ['Meeting between 3pm and 4pm tomorrow', '2026-12-01T14:00 2026-12-01T15:00'],
    ['Meeting tomorrow 3pm for 1h30', '2026-12-01T14:00 2026-12-01T15:30'],
    ['Meeting tomorrow 3pm for 1 hour and 15 minutes', '2026-12-01T14:00 2026-12-01T15:15'],
    ['Meeting tomorrow for 2h at 10am', '2026-12-01T09:00 2026-12-01T11:00'],
    ['Meeting in 45m', '2026-11-30T11:05 2026-11-30T12:05'],
  ])('%s', (text, expected) => {
    expect(times(read(text))).toBe(expected);
  });

  test('or as long as the default of the user', () => {
    expect(times(read('Dinner tomorrow 7pm', { settings: { defaultEventLength: '30' } }))).toBe(
      '2026-12-01T18:00 2026-12-01T18:30',
    );
  });
});

describe('which day is meant', () => {
  test.each([
    ['a time alone is today, even if it is over', 'Standup at 9:30', '2026-11-30T08:30 2026-11-30T09:30', {}],
    ['a date without a year is the next one', '3pm 09/01 Call', '2027-09-01T13:00 2027-09-01T14:00', {}],
    [
      'day and month are in the order of the setting',
      'Call 3/4',
      '2027-04-03 2027-04-04',
      { settings: { dateFieldOrder: 'DMY' } },
    ],
    // https://github.com/insanum/gcalcli/issues/508
    [
      'a weekday is one of the current week, even if it is over',
      'John T on Tuesday at 12:00',
      '2020-01-21T11:00 2020-01-21T12:00',
      { now: Date.parse('2020-01-25T15:00:00Z') },
    ],
    // https://github.com/insanum/gcalcli/issues/253
    [
      'the week starts on the day of the setting',
      'Murat at 5pm on Wednesday',
      '2016-08-17T15:00 2016-08-17T16:00',
      { now: Date.parse('2016-08-21T10:00:00Z'), settings: { weekStart: '1' } },
    ],
    [
      'today is a day of the time zone of the calendar',
      'Call today',
      '2026-12-01 2026-12-02',
      { timeZone: 'Pacific/Kiritimati' },
    ],
  ])('%s', (_, text, expected, setting: Setting) => {
    expect(times(read(text, setting))).toBe(expected);
  });
});

describe('across a change of the clocks', () => {
  const saturday = { now: Date.parse('2026-03-28T12:00:00Z') };

  test.each([
    [
      'a local time has the offset of its own day',
      'Brunch tomorrow 11am',
      '2026-03-29T09:00 2026-03-29T10:00',
    ],
    ['a time that is skipped is an hour later', 'Party tomorrow 2:30am', '2026-03-29T01:30 2026-03-29T02:30'],
    ['hours from now are hours', 'Alarm in 20 hours', '2026-03-29T08:00 2026-03-29T09:00'],
  ])('%s', (_, text, expected) => {
    expect(times(read(text, saturday))).toBe(expected);
  });
});

describe('a text without a readable time is the title of an event at the next full hour', () => {
  test.each(['Buy milk', 'Meet at Cafe', 'May I call you', 'Call Bob now', 'Party on 31 February'])(
    '%s',
    (text) => {
      expect(read(text)).toMatchObject({ summary: text });
      expect(times(read(text))).toBe('2026-11-30T11:00 2026-11-30T12:00');
    },
  );

  test('of the local clock', () => {
    expect(times(read('Buy milk', { timeZone: 'Asia/Kathmandu' }))).toBe('2026-11-30T11:15 2026-11-30T12:15');
  });
});

test('a text that names only a time is its own title', () => {
  expect(read('tomorrow 9am')).toMatchObject({ summary: 'tomorrow 9am' });
});

/** Returns what `work` returns in a process of another time zone. */
function inZone<T>(zone: string, work: () => T): T {
  process.env['TZ'] = zone;
  return work();
}

describe('for any text', () => {
  const words = constantFrom(
    ...'Lunch|with|Ada|at|Cafe|in|on|tomorrow|today|yesterday|next|this|last|Friday|Monday|to|from|-|3 March|12/25|2027|29 February|9am|12pm-1pm|10:30|25:00|midnight|noon|tonight|for 2 hours|in 3 hours|for 0 days|PST|UTC|+14:00|year 20000|week|every|,|at at|on|between 3pm and 4pm|on the 31st|day after tomorrow|for 1h30|all day'.split(
      '|',
    ),
  );
  const text = oneof(
    array(words, { minLength: 1, maxLength: 8 }).map((some) => some.join(' ')),
    string({ unit: 'grapheme', minLength: 1, maxLength: 60 }),
  );
  const spoken = text.filter((some) => some.trim() !== '');
  const now = integer({
    min: Date.parse('1990-01-01T00:00:00Z'),
    max: Date.parse('2090-01-01T00:00:00Z'),
  });
  const timeZone = constantFrom(
    'UTC',
    'Europe/Zurich',
    'America/St_Johns',
    'Pacific/Apia',
    'Asia/Kathmandu',
    '-03:00',
  );
  const zoneOfProcess = process.env['TZ'];
  afterEach(() => {
    if (zoneOfProcess === undefined) delete process.env['TZ'];
    else process.env['TZ'] = zoneOfProcess;
  });

  test('the event has a title and ends after it starts', () => {
    assert(
      property(spoken, now, timeZone, (some, at, zone) => {
        const event = read(some, { now: at, timeZone: zone });
        const { start, end } = spanOf(event, zone);
        expect(event.summary.trim()).not.toBe('');
        expect(event.location?.trim()).not.toBe('');
        expect(end).toBeGreaterThan(start);
        expect(event.start.date === undefined).toBe(event.end.date === undefined);
      }),
      { numRuns: 1500 },
    );
  });

  test('the time zone of the process does not matter', () => {
    assert(
      property(spoken, now, timeZone, (some, at, zone) => {
        const readings = ['UTC', 'America/New_York', 'Pacific/Kiritimati', 'Europe/Zurich'].map((other) =>
          inZone(other, () => read(some, { now: at, timeZone: zone })),
        );
        for (const reading of readings) expect(reading).toEqual(readings[0]);
      }),
      { numRuns: 500 },
    );
  });
});
