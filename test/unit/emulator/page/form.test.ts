import { expect, test } from 'vitest';
import { spanOf, titleOf } from '../../../../infra/emulator/page/app/state/event.ts';
import {
  changedFields,
  draftOf,
  newEvent,
  spanOfDraft,
} from '../../../../infra/emulator/page/app/state/form.ts';
import type { Span } from '../../../../infra/emulator/page/app/state/event.ts';

const ZONE = 'Europe/London';
const HOUR: Span = { allDay: false, start: Date.UTC(2026, 10, 30, 9), end: Date.UTC(2026, 10, 30, 10) };
const DAY: Span = { allDay: true, from: '2026-11-30', to: '2026-12-02' };
const empty = { id: '' };

test.each([HOUR, DAY])('the form of %o says the same time', (span) => {
  expect(spanOfDraft(draftOf(empty, span, ZONE), ZONE)).toEqual(span);
});

test('the form shows the last day of an all-day event, not the day after it', () => {
  expect(draftOf(empty, DAY, ZONE).endDay).toBe('2026-12-01');
});

test('an end before the start and a missing time are explained', () => {
  const draft = draftOf(empty, HOUR, ZONE);
  expect(spanOfDraft({ ...draft, endClock: '08:00' }, ZONE)).toBe('The event ends before it starts');
  expect(spanOfDraft({ ...draft, allDay: true, endDay: '2026-11-29' }, ZONE)).toBe(
    'The event ends before it starts',
  );
  expect(spanOfDraft({ ...draft, startDay: '' }, ZONE)).toBe('Enter a start and an end');
  expect(spanOfDraft({ ...draft, startClock: '' }, ZONE)).toBe('Enter a start and an end');
});

test('a new event has the fields that are filled in', () => {
  const draft = {
    ...draftOf(empty, HOUR, ZONE),
    title: 'Lunch',
    guests: ' grace@example.com, alan@example.com grace@example.com',
    recurrence: 'RRULE:FREQ=DAILY\n\nEXDATE:20261201T090000Z',
  };
  expect(newEvent(draft, HOUR, ZONE)).toMatchObject({
    summary: 'Lunch',
    attendees: [{ email: 'grace@example.com' }, { email: 'alan@example.com' }],
    recurrence: ['RRULE:FREQ=DAILY', 'EXDATE:20261201T090000Z'],
  });
  expect(newEvent(draft, HOUR, ZONE)).not.toHaveProperty('location');
});

test('only what was changed is sent, and guests who stay keep their answers', () => {
  const grace = { email: 'grace@example.com', responseStatus: 'accepted' } as const;
  const event = { id: 'e', summary: 'Lunch', location: 'Cafe', attendees: [grace] };
  const before = draftOf(event, HOUR, ZONE);
  expect(changedFields(event, before, before)).toEqual({});
  expect(changedFields(event, before, { ...before, location: '' })).toEqual({ location: '' });
  expect(changedFields(event, before, { ...before, guests: 'grace@example.com alan@example.com' })).toEqual({
    attendees: [grace, { email: 'alan@example.com' }],
  });
});

test('an event without a readable start has no place in the grid', () => {
  expect(spanOf({ id: 'e' })).toBeUndefined();
  expect(spanOf({ id: 'e', start: { dateTime: 'soon' } })).toBeUndefined();
  expect(spanOf({ id: 'e', start: { date: 'someday' } })).toBeUndefined();
});

test('an end that is missing or before the start counts as none', () => {
  expect(spanOf({ id: 'e', start: { date: '2026-11-30' }, end: { date: '2026-11-01' } })).toEqual({
    allDay: true,
    from: '2026-11-30',
    to: '2026-12-01',
  });
  const start = { dateTime: '2026-11-30T09:00:00Z' };
  expect(spanOf({ id: 'e', start })).toEqual({ allDay: false, start: HOUR.start, end: HOUR.start });
});

test('a title of ten thousand characters is cut, and a missing one is named', () => {
  expect(titleOf({ id: 'e', summary: 'x'.repeat(10_000) })).toHaveLength(301);
  expect(titleOf({ id: 'e', summary: '  ' })).toBe('(no title)');
  expect(titleOf({ id: 'e', visibility: 'private' })).toBe('Busy');
});
