/** What the page does to events: each is a call of the API as the account that the page acts as. */
import { call, look } from '../server/api.ts';
import { ask, askScope } from '../parts/ask.tsx';
import { attempt } from '../parts/toasts.tsx';
import { sameSpan, seriesTimes, timesOf } from '../state/series.ts';
import { canWrite } from '../state/event.ts';
import { me, reloadEvents, zone } from './data.ts';
import type { CalendarEvent, Response, Span } from '../state/event.ts';
import type { EventBody } from '../state/form.ts';
import type { Shown } from './data.ts';

/** Resolves when what has changed is shown. */
export function shownNext(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve);
  });
}

/** Moves the focus to an event, unless it is on something else than the grid. */
export function focusEvent(key: string): void {
  const { activeElement } = document;
  if (activeElement !== document.body && activeElement?.matches('.slot') !== true) return;
  const blocks = [...document.querySelectorAll<HTMLElement>('.event')];
  blocks.find(({ dataset }) => dataset['key'] === key)?.focus();
}

const pathOf = (calendarId: string, eventId?: string): string =>
  `/calendars/${encodeURIComponent(calendarId)}/events${eventId === undefined ? '' : `/${encodeURIComponent(eventId)}`}`;

/** Creates an event. Resolves to whether it was created. */
export function create(calendarId: string, body: EventBody): Promise<boolean> {
  return write(() => call(user(), 'POST', pathOf(calendarId), { body, query: sendUpdates }), 'Created');
}

/** Changes fields of an event, and its time if `after` differs, of one occurrence or of its series. */
export async function change(item: Shown, fields: EventBody, after: Span): Promise<boolean> {
  const { calendar, event, span } = item;
  const moved = !sameSpan(span, after);
  if (!moved && Object.keys(fields).length === 0) return true;
  const scope = event.recurringEventId === undefined ? 'this' : await askScope('Change a recurring event');
  if (scope === undefined) return false;
  return write(async () => {
    if (scope === 'this') {
      const body = { ...fields, ...(moved && timesOf(after, zone.value)) };
      await patch(calendar.id, event, body);
      return;
    }
    const series = await seriesOf(calendar.id, event);
    await patch(calendar.id, series, {
      ...fields,
      ...(moved && seriesTimes(series, span, after, zone.value)),
    });
  }, 'Saved');
}

/** Loads the series that an occurrence belongs to. */
export function seriesOf(
  calendarId: string,
  { recurringEventId = '' }: CalendarEvent,
): Promise<CalendarEvent> {
  return look<CalendarEvent>(user(), pathOf(calendarId, recurringEventId));
}

function patch(calendarId: string, { id, etag }: CalendarEvent, body: EventBody): Promise<unknown> {
  return call(user(), 'PATCH', pathOf(calendarId, id), { body, etag, query: sendUpdates });
}

/** Cancels an event after a question. Resolves to whether it was cancelled. */
export async function cancel({ calendar, event }: Shown): Promise<boolean> {
  const recurring = event.recurringEventId !== undefined;
  const scope = recurring ? await askScope('Cancel a recurring event') : await confirmCancel();
  if (scope === undefined) return false;
  const id = scope === 'all' ? event.recurringEventId : event.id;
  return write(() => call(user(), 'DELETE', pathOf(calendar.id, id), { query: sendUpdates }), 'Cancelled');
}

const confirmCancel = (): Promise<string | undefined> =>
  ask('Cancel this event?', 'Its guests see it as cancelled.', [
    { label: 'Cancel the event', value: 'this', tone: 'danger' },
  ]);

/** Answers an invitation as one of its guests, in the guest's own calendar. */
export function respond({ event }: Shown, guest: string, responseStatus: Response): Promise<boolean> {
  return write(async () => {
    const own = await look<CalendarEvent>(guest, pathOf('primary', event.id));
    const attendees = (own.attendees ?? []).map((attendee) =>
      attendee.email === guest ? { ...attendee, responseStatus } : attendee,
    );
    await call(guest, 'PATCH', pathOf('primary', own.id), { body: { attendees } });
  }, `Answered as ${guest}`);
}

/** Returns whether the page may change an event: the account can write to its calendar. */
export const isEditable = ({ calendar }: Shown): boolean => canWrite(calendar);

const sendUpdates = { sendUpdates: 'none' };

function user(): string {
  const email = me.value?.email;
  if (email === undefined) throw new Error('Add a user first');
  return email;
}

/** Runs a call, and shows the events as they are afterwards. */
async function write(action: () => Promise<unknown>, done: string): Promise<boolean> {
  const succeeded = await attempt(action, done);
  await reloadEvents();
  return succeeded;
}
