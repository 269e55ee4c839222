import { isDeepStrictEqual } from 'node:util';

import { dateOf, instantOf, timesOf, withMoments } from '../calendar/event-times.ts';
import { isDeleted } from '../calendar/resources.ts';
import { hasPartialGuests, peopleOf, withoutAnswers } from './attendees.ts';
import { differingFields, haveBoth, isEdit, isVolatile, type Fields, type Pair } from './differences.ts';

/**
 * The kinds of changes of events.
 * @see https://developers.google.com/workspace/calendar/api/v3/reference/events#resource
 */

export const EVENT_KINDS = [
  'moved',
  'resized',
  'cancelled',
  'restored',
  'status',
  'renamed',
  'description',
  'location',
  'conference',
  'responded',
  'invited',
  'uninvited',
  'organizer',
  'recurrence',
  'reminders',
  'visibility',
  'attachments',
  'properties',
  'other',
  'touched',
] as const;

export type EventKind = (typeof EVENT_KINDS)[number];

/** The kind of a field; those of `start`, `end` and `attendees` depend on their values. */
const FIELDS: ReadonlyMap<string, EventKind> = new Map([
  ['status', 'status'],
  ['summary', 'renamed'],
  ['description', 'description'],
  ['location', 'location'],
  ['conferenceData', 'conference'],
  ['hangoutLink', 'conference'],
  ['organizer', 'organizer'],
  ['recurrence', 'recurrence'],
  ['reminders', 'reminders'],
  ['visibility', 'visibility'],
  ['transparency', 'visibility'],
  ['attachments', 'attachments'],
  ['extendedProperties', 'properties'],
  ['birthdayProperties', 'properties'],
  ['focusTimeProperties', 'properties'],
  ['outOfOfficeProperties', 'properties'],
  ['workingLocationProperties', 'properties'],
]);

/** Fields in which an exception differs from the occurrence it replaces without having been edited. */
const IDENTITY = new Set([
  'id',
  'kind',
  'created',
  'creator',
  'htmlLink',
  'iCalUID',
  'originalStartTime',
  'recurrence',
  'recurringEventId',
]);

/** Returns a time in a form that is equal for the same moment, or the same date, in any zone. */
const comparableTime = (value: unknown): unknown => dateOf(value) ?? instantOf(value, undefined) ?? value;

const isSameTime = (a: unknown, b: unknown): boolean =>
  isDeepStrictEqual(comparableTime(a), comparableTime(b));

/** Returns a date without its time zone, in which a day may have 23 hours. */
function withoutZone(value: unknown): unknown {
  const date = dateOf(value);
  return date === undefined ? value : { date };
}

/** Returns the length of an event in ms, whole days for dates; undefined if its times are incomplete. */
export function lengthOf({ start, end }: Fields): number | undefined {
  const { startsAt, endsAt } = timesOf({ start: withoutZone(start), end: withoutZone(end) }, undefined);
  return startsAt === null || endsAt === null ? undefined : endsAt - startsAt;
}

/** Returns the kinds of a changed `start` or `end`; `other` if only its form or its time zone is another. */
function timeKinds({ before, after }: Pair, knowsEnd: boolean): readonly EventKind[] {
  const [was, is] = [lengthOf(before), lengthOf(after)];
  const isAsLong =
    was === undefined || is === undefined ? isSameTime(before['end'], after['end']) : was === is;
  const kinds: EventKind[] = [];
  if (!isSameTime(before['start'], after['start'])) kinds.push('moved');
  if (knowsEnd && !isAsLong) kinds.push('resized');
  return kinds.length > 0 ? kinds : ['other'];
}

/** Returns the kinds of changed attendees. A list that Google shows in part says nothing of those who are not on it. */
function attendeeKinds({ before, after }: Pair): readonly EventKind[] {
  const [was, is] = [peopleOf(before['attendees']), peopleOf(after['attendees'])];
  const isWhole = !hasPartialGuests(before) && !hasPartialGuests(after);
  const kinds: EventKind[] = [];
  if (isWhole && [...is.keys()].some((who) => !was.has(who))) kinds.push('invited');
  if (isWhole && [...was.keys()].some((who) => !is.has(who))) kinds.push('uninvited');
  const isAnswered = [...is].some(([who, { answer }]) => {
    const earlier = was.get(who);
    return earlier !== undefined && !isDeepStrictEqual(earlier.answer, answer);
  });
  if (isAnswered) kinds.push('responded');
  // A new organizer moves the flag on the list of attendees.
  const isReorganized = !isDeepStrictEqual(before['organizer'], after['organizer']);
  const [restBefore, restAfter] = [
    withoutAnswers(before['attendees'], is, isReorganized),
    withoutAnswers(after['attendees'], was, isReorganized),
  ];
  const isUnexplained = kinds.length === 0 && !isReorganized;
  if (isUnexplained || !isDeepStrictEqual(restBefore, restAfter)) kinds.push('other');
  return kinds;
}

/** The fields that were edited, each with its kinds. */
export type Edits<K = string> = ReadonlyMap<string, readonly K[]>;

/** Returns the differences in the fields that `isKnown` of both states. */
function editsOf(pair: Pair, isKnown: (name: string) => boolean): Edits<EventKind> {
  const kindsOfField = (name: string): readonly EventKind[] => {
    if (name === 'start' || name === 'end') return timeKinds(pair, isKnown('end'));
    if (name === 'attendees') return attendeeKinds(pair);
    return [FIELDS.get(name) ?? 'other'];
  };
  const compared = { before: withMoments(pair.before), after: withMoments(pair.after) };
  const edited = differingFields(compared).filter((name) => isEdit(pair, name) && isKnown(name));
  return new Map(edited.map((name) => [name, kindsOfField(name)]));
}

/** Whether an event starts at another time than the original one of the occurrence that it replaces. */
const isAwayFrom = (originalStart: unknown, { start }: Fields): boolean =>
  originalStart !== undefined && start !== undefined && !isSameTime(originalStart, start);

const kindsIn = <K>(edits: Edits<K>): ReadonlySet<K> => new Set([...edits.values()].flat());

/** Returns the edits of an updated event. Google leaves out most fields of a cancelled event: their absence is not an edit. */
export function eventEdits(pair: Pair): Edits<EventKind> {
  const wasCancelled = isDeleted('events', pair.before);
  return editsOf(pair, (name) => !wasCancelled || (haveBoth(pair, name) && name !== 'status'));
}

/** Returns the kinds of an updated event. */
export function updatedEventKinds(pair: Pair): ReadonlySet<EventKind> {
  const { before, after, omitted } = pair;
  const [was, is] = [isDeleted('events', before), isDeleted('events', after)];
  if (is && !was) return new Set(['cancelled']);
  const kinds = kindsIn(eventEdits(pair));
  if (was && !is) {
    // An occurrence that was taken out was at its original start.
    const isMoved = !haveBoth(pair, 'start') && isAwayFrom(before['originalStartTime'], after);
    return new Set([...kinds, 'restored', ...(isMoved ? (['moved'] as const) : [])]);
  }
  if (kinds.size > 0) return kinds;
  const compared = { before: withMoments(before), after: withMoments(after) };
  const isTouched = omitted.length === 0 && differingFields(compared).every(isVolatile);
  // What was omitted may have changed.
  return new Set([isTouched ? 'touched' : 'other']);
}

/** Returns the kinds of a new event: none, unless it is an exception of a series. */
export function newEventKinds(event: Fields, replaced: Fields | undefined): ReadonlySet<EventKind> {
  if (isDeleted('events', event)) return new Set(['cancelled']);
  if (replaced === undefined) return new Set(isAwayFrom(event['originalStartTime'], event) ? ['moved'] : []);
  const pair = { before: replaced, after: event, omitted: [] };
  const kinds = kindsIn(editsOf(pair, (name) => !IDENTITY.has(name)));
  return kinds.size > 0 ? kinds : new Set(['touched']);
}
