import { isDeepStrictEqual } from 'node:util';

import { boundaryOf, type EventTime } from '../calendar/event-times.ts';
import { hasPartialGuests, peopleOf, type Attendee } from './attendees.ts';
import type { Change } from './change.ts';
import type { Detail, FieldKind } from './detail.ts';
import { isObject, type Fields } from './differences.ts';
import { eventEdits, lengthOf, type Edits } from './event-kinds.ts';
import { KINDS, kindsOf, listEdits, type Kind } from './kinds.ts';

/** Describes changes in detail. Pure. */

/** A change with its items and edits. */
interface Described {
  readonly change: Change;
  readonly before: Fields;
  readonly after: Fields;
  /** Whether both items are there to be compared. */
  readonly isCompared: boolean;
  readonly edits: Edits;
}

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);

const textIn = (item: unknown, name: string): string | null => (isObject(item) ? textOf(item[name]) : null);

function timeOf(value: unknown): EventTime | null {
  const time = boundaryOf(value);
  return time.date === undefined && time.dateTime === undefined ? null : time;
}

const linesOf = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((line) => typeof line === 'string') : [];

/** Returns the link of an event's video conference. */
function linkOf({ hangoutLink, conferenceData }: Fields): string | null {
  const entries: unknown = isObject(conferenceData) ? conferenceData['entryPoints'] : undefined;
  const video = (Array.isArray(entries) ? entries : []).find(
    (entry) => textIn(entry, 'entryPointType') === 'video',
  );
  return textOf(hangoutLink) ?? textIn(video, 'uri');
}

/** Returns whom a rule is about: an address, a domain, or `default` for all. */
export function scopeOf({ scope }: Fields, itemId: string): string {
  return textIn(scope, 'value') ?? itemId;
}

/** Returns a calendar's name as the user sees it. */
export const listedName = (item: Fields): string | null =>
  textIn(item, 'summaryOverride') ?? textIn(item, 'summary');

/** Returns the address of an attendee, or the id. */
const addressOf = ({ fields }: Attendee): string | null => textOf(fields['email']) ?? textOf(fields['id']);

/** Returns details of attendees; one without a name if they are not known. */
function attendeeDetails(
  kind: 'invited' | 'uninvited' | 'responded',
  { before, after, isCompared }: Described,
): readonly Detail[] {
  const unknown = kind === 'responded' ? { kind, who: null, from: null, to: null } : { kind, who: null };
  if (!isCompared || (kind !== 'responded' && (hasPartialGuests(before) || hasPartialGuests(after))))
    return [unknown];
  const [was, is] = [peopleOf(before['attendees']), peopleOf(after['attendees'])];
  const details =
    kind === 'responded'
      ? [...is].flatMap(([id, now]): Detail[] => {
          const earlier = was.get(id);
          if (earlier === undefined || isDeepStrictEqual(earlier.answer, now.answer)) return [];
          const [from, to] = [earlier, now].map(({ answer }) => textIn(answer, 'responseStatus'));
          return [{ kind, who: addressOf(now), from: from ?? null, to: to ?? null }];
        })
      : only(kind === 'invited' ? is : was, kind === 'invited' ? was : is).map((attendee): Detail => ({
          kind,
          who: addressOf(attendee),
        }));
  return details.length > 0 ? details : [unknown];
}

const only = (
  people: ReadonlyMap<string, Attendee>,
  others: ReadonlyMap<string, Attendee>,
): readonly Attendee[] => [...people].flatMap(([id, attendee]) => (others.has(id) ? [] : attendee));

const valueOf = (item: Fields, field: string): unknown => (Object.hasOwn(item, field) ? item[field] : null);

/** Returns a detail for each field of a kind. */
function fieldDetails(kind: FieldKind, { before, after, edits }: Described): readonly Detail[] {
  const fields = [...edits].filter(([, kinds]) => kinds.includes(kind)).map(([field]) => field);
  return fields.length === 0
    ? [{ kind, field: null, from: null, to: null }]
    : fields.map((field) => ({ kind, field, from: valueOf(before, field), to: valueOf(after, field) }));
}

/** Returns the details of a kind: one, or one for each attendee or field. */
function detailsOf(kind: Kind, described: Described): readonly Detail[] {
  const { change, before, after, isCompared } = described;
  const texts = <K extends string>(of: K, name: string) => ({
    kind: of,
    from: textIn(before, name),
    to: textIn(after, name),
  });
  switch (kind) {
    case 'moved': {
      // An exception takes the place of the occurrence at its original start.
      const isKnown = isCompared || change.change === 'created';
      const original = isKnown ? { ...before, ...after }['originalStartTime'] : null;
      const from = timeOf(before['start'] ?? original);
      return [{ kind, from, to: timeOf(after['start']) }];
    }
    case 'resized':
      return [{ kind, from: lengthOf(before) ?? null, to: lengthOf(after) ?? null }];
    case 'renamed':
      return change.resource === 'events'
        ? [texts(kind, 'summary')]
        : [{ kind, from: listedName(before), to: listedName(after) }];
    case 'status':
    case 'description':
    case 'location':
    case 'timeZone':
    case 'value':
      return [texts(kind, kind)];
    case 'conference':
      return [{ kind, from: linkOf(before), to: linkOf(after) }];
    case 'organizer':
      return [{ kind, from: textIn(before['organizer'], 'email'), to: textIn(after['organizer'], 'email') }];
    case 'recurrence':
      return [{ kind, from: linesOf(before['recurrence']), to: linesOf(after['recurrence']) }];
    case 'invited':
    case 'uninvited':
    case 'responded':
      return attendeeDetails(kind, described);
    case 'granted':
      return [{ kind, who: scopeOf(after, change.itemId), role: textIn(after, 'role') }];
    case 'revoked':
      return [{ kind, who: scopeOf(before, change.itemId), role: textIn(before, 'role') }];
    case 'role':
      return change.resource === 'acl'
        ? [{ ...texts(kind, 'role'), who: scopeOf(after, change.itemId) }]
        : [{ ...texts(kind, 'accessRole'), who: null }];
    case 'cancelled':
    case 'restored':
    case 'touched':
    case 'added':
    case 'removed':
    case 'hidden':
    case 'shown':
      return [{ kind }];
    case 'reminders':
    case 'visibility':
    case 'attachments':
    case 'properties':
    case 'appearance':
    case 'notifications':
    case 'other':
      return fieldDetails(kind, described);
  }
}

/** Returns the fields that a message shows to be edited. */
function editsIn({ resource, before, after, omitted = [] }: Change): Edits {
  if (before === null || after === null) return new Map();
  const pair = { before, after, omitted };
  if (resource === 'events') return eventEdits(pair);
  return resource === 'calendarList' ? listEdits(pair) : new Map();
}

/** Returns the kinds of a change that are known; a message of an earlier version has none, and they are computed. */
function knownKinds(change: Change): readonly Kind[] {
  if (change.kinds.length === 0) return kindsOf(change);
  return KINDS[change.resource].filter((kind) => change.kinds.includes(kind));
}

/**
 * Returns what changed, with the values before and after: a detail for each of the change's `kinds`, and several where it concerns
 * several attendees or fields.
 *
 * @param change from {@link parseMessage} or {@link parseChange}
 * @returns the details in the order of the kinds; none for a snapshot, or a new event that is not an exception of a series
 *
 * @example
 * for (const detail of describeChange(change)) {
 *   if (detail.kind === 'moved') console.log('moved from', detail.from, 'to', detail.to);
 *   if (detail.kind === 'responded') console.log(detail.who, 'answered', detail.to);
 * }
 */
export function describeChange(change: Change): readonly Detail[] {
  const { before, after } = change;
  const described = {
    change,
    before: before ?? {},
    after: after ?? {},
    isCompared: before !== null && after !== null,
    edits: editsIn(change),
  };
  return knownKinds(change).flatMap((kind) => detailsOf(kind, described));
}
