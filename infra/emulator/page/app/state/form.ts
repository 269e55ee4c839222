/** The form of an event: its fields as texts, and the body of the request that they make. */
import { timesOf } from './series.ts';
import { addDays, clockOf, dayTimeOf, instantOf, minuteOf } from './zone.ts';
import type { CalendarEvent, Span } from './event.ts';

export interface Draft {
  readonly title: string;
  readonly allDay: boolean;
  readonly startDay: string;
  readonly startClock: string;
  /** For all-day events the last day, as people say it; the API takes the day after it. */
  readonly endDay: string;
  readonly endClock: string;
  readonly recurrence: string;
  readonly guests: string;
  readonly location: string;
  readonly description: string;
}

/** Rules that the form suggests; any other can be typed. */
export const RULES = [
  'RRULE:FREQ=DAILY',
  'RRULE:FREQ=DAILY;COUNT=5',
  'RRULE:FREQ=WEEKLY',
  'RRULE:FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR',
  'RRULE:FREQ=MONTHLY',
  'RRULE:FREQ=YEARLY',
] as const;

/** Returns the form of an event, or of a new one at this time. */
export function draftOf(event: CalendarEvent, span: Span, zone: string): Draft {
  return {
    title: event.summary ?? '',
    recurrence: (event.recurrence ?? []).join('\n'),
    guests: (event.attendees ?? []).map(({ email }) => email).join(', '),
    location: event.location ?? '',
    description: event.description ?? '',
    ...timeFields(span, zone),
  };
}

type TimeFields = Pick<Draft, 'allDay' | 'startDay' | 'startClock' | 'endDay' | 'endClock'>;

function timeFields(span: Span, zone: string): TimeFields {
  if (span.allDay) {
    const endDay = addDays(span.to, -1);
    return { allDay: true, startDay: span.from, endDay, startClock: '09:00', endClock: '10:00' };
  }
  const [start, end] = [dayTimeOf(span.start, zone), dayTimeOf(span.end, zone)];
  return {
    allDay: false,
    startDay: start.day,
    startClock: clockOf(start.minute),
    endDay: end.day,
    endClock: clockOf(end.minute),
  };
}

/** Returns the time that the form says, or what is wrong with it. */
export function spanOfDraft(draft: Draft, zone: string): Span | string {
  const { allDay, startDay, endDay } = draft;
  if (startDay === '' || endDay === '') return 'Enter a start and an end';
  if (allDay) {
    if (endDay < startDay) return 'The event ends before it starts';
    return { allDay: true, from: startDay, to: addDays(endDay, 1) };
  }
  const [from, to] = [minuteOf(draft.startClock), minuteOf(draft.endClock)];
  if (Number.isNaN(from) || Number.isNaN(to)) return 'Enter a start and an end';
  const start = instantOf({ day: startDay, minute: from }, zone);
  const end = instantOf({ day: endDay, minute: to }, zone);
  if (end < start) return 'The event ends before it starts';
  return { allDay: false, start, end };
}

/** Fields of an event in a request. */
export type EventBody = Readonly<Record<string, unknown>>;

/** Returns the body that creates the event of a form. */
export function newEvent(draft: Draft, span: Span, zone: string): EventBody {
  const filled = Object.entries(textsOf(draft)).filter(([, value]) => value !== '');
  return {
    ...Object.fromEntries(filled),
    ...timesOf(span, zone),
    ...(draft.recurrence.trim() !== '' && { recurrence: linesOf(draft.recurrence) }),
    ...(addressesOf(draft.guests).length > 0 && {
      attendees: addressesOf(draft.guests).map((email) => ({ email })),
    }),
  };
}

/** Returns the fields that a form changes, without the times. Guests that stay keep their answers. */
export function changedFields(event: CalendarEvent, before: Draft, after: Draft): EventBody {
  const old = textsOf(before);
  const texts = Object.entries(textsOf(after)).filter(([name, value]) => value !== Reflect.get(old, name));
  const known = new Map((event.attendees ?? []).map((attendee) => [attendee.email, attendee]));
  return {
    ...Object.fromEntries(texts),
    ...(before.recurrence.trim() !== after.recurrence.trim() && { recurrence: linesOf(after.recurrence) }),
    ...(before.guests !== after.guests && {
      attendees: addressesOf(after.guests).map((email) => known.get(email) ?? { email }),
    }),
  };
}

const textsOf = ({ title, location, description }: Draft) => ({ summary: title, location, description });

const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

const addressesOf = (text: string): string[] => [
  ...new Set(text.split(/[\s,;]+/).filter((address) => address !== '')),
];
