import { isObject, type Fields } from './differences.ts';

/**
 * The attendees of an event, by who they are.
 * @see https://developers.google.com/workspace/calendar/api/v3/reference/events#attendees
 */

export interface Attendee {
  readonly fields: Fields;
  /** The response, with its comment and guests. */
  readonly answer: Fields;
}

const ANSWER = new Set(['responseStatus', 'comment', 'additionalGuests']);

/** Returns what identifies an attendee, undefined if it has neither an address nor an id. Addresses are compared without regard to case. */
function identityOf(value: unknown): string | undefined {
  if (!isObject(value)) return undefined;
  const { email, id } = value;
  if (typeof email === 'string') return email.toLowerCase();
  return typeof id === 'string' ? `id ${id}` : undefined;
}

const only = (fields: Fields, isWanted: (name: string) => boolean): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => isWanted(name)));

/** Returns the attendees that can be told apart, in their order. */
export function peopleOf(attendees: unknown): ReadonlyMap<string, Attendee> {
  const people = new Map<string, Attendee>();
  for (const each of Array.isArray(attendees) ? attendees : []) {
    const who = identityOf(each);
    if (who !== undefined && isObject(each))
      people.set(who, { fields: each, answer: only(each, (name) => ANSWER.has(name)) });
  }
  return people;
}

/** Returns what a list says of attendees who are on the other list too, or cannot be told apart, besides their answers. */
export function withoutAnswers(
  attendees: unknown,
  others: ReadonlyMap<string, unknown>,
  withoutOrganizer: boolean,
): unknown {
  if (!Array.isArray(attendees)) return [];
  const isKept = (name: string): boolean => !ANSWER.has(name) && !(withoutOrganizer && name === 'organizer');
  return attendees.flatMap((each: unknown) => {
    const who = identityOf(each);
    if (who !== undefined && !others.has(who)) return [];
    return [isObject(each) ? only(each, isKept) : each];
  });
}

/** Whether Google shows only some of the attendees, such as the user alone. */
export const hasPartialGuests = ({ attendeesOmitted }: Fields): boolean => attendeesOmitted === true;
