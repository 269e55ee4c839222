/** Random calendars for free/busy: events of every type, invitations and responses to them, on the calendars of an agenda. */
import * as fc from 'fast-check';
import type { calendar_v3 } from 'googleapis/build/src/apis/calendar/index.js';
import { agendaCase, bodyOf, editSeries, occurrenceOf } from './agenda-calendar.ts';

export const TRAITS = [
  'plain',
  'plain',
  'invited',
  'invited',
  'answered',
  'transparent',
  'tentative',
  'outOfOffice',
  'focusTime',
  'workingLocation',
  'birthday',
] as const;
type Trait = (typeof TRAITS)[number];

const response = fc.constantFrom('needsAction', 'declined', 'tentative', 'accepted');

/** An attendee's edit of an own copy: of all of an event, or of one occurrence. */
const reply = fc.record({
  event: fc.nat({ max: 5 }),
  occurrence: fc.option(fc.nat({ max: 20 })),
  what: fc.oneof(
    fc.record({ response }),
    fc.constant({ transparency: 'transparent' as const }),
    fc.constant('delete' as const),
  ),
});

/** The calendar of a person, whom another invites. */
export const busyCase = fc.record({
  agenda: agendaCase,
  traits: fc.array(fc.constantFrom(...TRAITS), { minLength: 5, maxLength: 5 }),
  response,
  replies: fc.array(reply, { maxLength: 4 }),
});
export type BusyCase = typeof busyCase extends fc.Arbitrary<infer T> ? T : never;

/** A person and a client of theirs. */
export interface Person {
  readonly email: string;
  readonly client: calendar_v3.Calendar;
}

const FIELDS: Readonly<Record<Trait, calendar_v3.Schema$Event>> = {
  plain: {},
  invited: {},
  answered: {},
  transparent: { transparency: 'transparent' },
  tentative: { status: 'tentative' },
  outOfOffice: { eventType: 'outOfOffice' },
  focusTime: { eventType: 'focusTime' },
  workingLocation: { eventType: 'workingLocation', workingLocationProperties: { type: 'homeOffice' } },
  birthday: {
    eventType: 'birthday',
    visibility: 'private',
    transparency: 'transparent',
    recurrence: ['RRULE:FREQ=YEARLY'],
  },
};

type Event = calendar_v3.Schema$Event;

const isTaken = { validateStatus: () => true };
const calendarId = 'primary';

/** Makes the primary calendar of `person`, with the invitations of `host`. Returns the traits of the events that Google takes. */
export async function makeBusyCalendar(
  { agenda, traits, response: answer, replies }: BusyCase,
  person: Person,
  host: Person,
): Promise<readonly Trait[]> {
  await person.client.calendars.patch({ calendarId, requestBody: { timeZone: agenda.zone } });
  await host.client.calendars.get({ calendarId });
  const invited: string[] = [];
  const own: string[] = [];
  const made: Trait[] = [];
  for (const [index, recipe] of agenda.events.entries()) {
    const trait = traits[index] ?? 'plain';
    const isInvited = trait === 'invited';
    const attendees = { invited: 'needsAction', answered: answer };
    const requestBody: Event = {
      ...bodyOf(trait === 'birthday' ? { ...recipe, wholeDays: true, length: 1 } : recipe),
      ...FIELDS[trait],
      ...(trait === 'invited' || trait === 'answered'
        ? { attendees: [{ email: person.email, responseStatus: attendees[trait] }] }
        : {}),
    };
    const { client } = isInvited ? host : person;
    const inserted = await client.events.insert({ calendarId, requestBody }, isTaken);
    if (inserted.status !== 200) continue;
    (isInvited ? invited : own).push(inserted.data.id ?? '');
    made.push(trait);
  }
  const { edits } = agenda;
  const half = Math.ceil(edits.length / 2);
  const replying = replies.length / 2;
  for (const each of replies.slice(0, replying)) await replyTo(person, invited, each);
  await editSeries(person.client, calendarId, await recurring(person, own), edits.slice(0, half));
  await editSeries(host.client, calendarId, await recurring(host, invited), edits.slice(half));
  for (const each of replies.slice(replying)) await replyTo(person, invited, each);
  return made;
}

async function recurring({ client }: Person, ids: readonly string[]): Promise<readonly string[]> {
  const events = await Promise.all(ids.map((eventId) => client.events.get({ calendarId, eventId })));
  return events.flatMap(({ data }) => (data.recurrence && data.id ? [data.id] : []));
}

async function replyTo(
  { email, client }: Person,
  invited: readonly string[],
  { event, occurrence, what }: BusyCase['replies'][number],
): Promise<void> {
  const id = invited[event % Math.max(invited.length, 1)];
  if (id === undefined) return;
  const { data: copy } = await client.events.get({ calendarId, eventId: id });
  if (copy.status === 'cancelled') return;
  const isOne = occurrence !== null && copy.recurrence !== undefined;
  const chosen = isOne ? await occurrenceOf(client, calendarId, id, occurrence) : copy;
  if (chosen?.id === undefined || chosen.id === null) return;
  const eventId = chosen.id;
  if (what === 'delete') await client.events.delete({ calendarId, eventId });
  else if ('transparency' in what) await client.events.patch({ calendarId, eventId, requestBody: what });
  else {
    const attendees = [{ email, responseStatus: what.response }];
    await client.events.patch({ calendarId, eventId, requestBody: { attendees } });
  }
}
