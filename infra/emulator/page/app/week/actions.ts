/** What people do to events: each is a call of the API as some account. The transport and the account are the page's. */
import { ask, askScope } from '../parts/ask.tsx';
import { attempt } from '../parts/toasts.tsx';
import { sameSpan, seriesTimes, timesOf } from '../state/series.ts';
import type { ReadonlySignal } from '@preact/signals';
import type { CalendarEvent } from '../state/event.ts';
import type { EventBody } from '../state/form.ts';
import type { EventActions, Shown } from './board.ts';

type Query = Readonly<Record<string, string>>;

/** Where the events are. Paths are those of the API, such as `/calendars/primary/events`. */
export interface Transport {
  /** Calls the API. The etag becomes `If-Match`. */
  readonly call: (
    user: string,
    method: string,
    path: string,
    options: { readonly body?: unknown; readonly query?: Query; readonly etag?: string | undefined },
  ) => Promise<unknown>;
  readonly look: (user: string, path: string) => Promise<CalendarEvent>;
  /** The account that acts. @throws Error if there is none */
  readonly user: () => string;
  readonly zone: ReadonlySignal<string>;
  /** Shows the events as they are after a call. */
  readonly reload: () => Promise<void>;
}

const sendUpdates = { sendUpdates: 'none' };

const pathOf = (calendarId: string, eventId?: string): string =>
  `/calendars/${encodeURIComponent(calendarId)}/events${eventId === undefined ? '' : `/${encodeURIComponent(eventId)}`}`;

/** Returns the actions. */
export function createEventActions({ call, look, user, zone, reload }: Transport): EventActions {
  /** Runs a call, and shows the events as they are afterwards. */
  async function write(action: () => Promise<unknown>, done: string): Promise<boolean> {
    const succeeded = await attempt(action, done);
    await reload();
    return succeeded;
  }

  const loadSeries = ({ calendar, event: { recurringEventId = '' } }: Shown): Promise<CalendarEvent> =>
    look(user(), pathOf(calendar.id, recurringEventId));

  const patch = (calendarId: string, { id, etag }: CalendarEvent, body: EventBody): Promise<unknown> =>
    call(user(), 'PATCH', pathOf(calendarId, id), { body, etag, query: sendUpdates });

  return {
    create: (calendarId, body) =>
      write(() => call(user(), 'POST', pathOf(calendarId), { body, query: sendUpdates }), 'Created'),

    async change(item, fields, after) {
      const { calendar, event, span } = item;
      const moved = !sameSpan(span, after);
      if (!moved && Object.keys(fields).length === 0) return true;
      const scope =
        event.recurringEventId === undefined ? 'this' : await askScope('Change a recurring event');
      if (scope === undefined) return false;
      return write(async () => {
        if (scope === 'this') {
          await patch(calendar.id, event, { ...fields, ...(moved && timesOf(after, zone.value)) });
          return;
        }
        const series = await loadSeries(item);
        await patch(calendar.id, series, {
          ...fields,
          ...(moved && seriesTimes(series, span, after, zone.value)),
        });
      }, 'Saved');
    },

    async cancel({ calendar, event }) {
      const recurring = event.recurringEventId !== undefined;
      const scope = recurring ? await askScope('Cancel a recurring event') : await confirmCancel();
      if (scope === undefined) return false;
      const id = scope === 'all' ? event.recurringEventId : event.id;
      return write(
        () => call(user(), 'DELETE', pathOf(calendar.id, id), { query: sendUpdates }),
        'Cancelled',
      );
    },

    /** In the guest's own calendar. */
    respond: ({ event }, guest, responseStatus) =>
      write(async () => {
        const own = await look(guest, pathOf('primary', event.id));
        const attendees = (own.attendees ?? []).map((attendee) =>
          attendee.email === guest ? { ...attendee, responseStatus } : attendee,
        );
        await call(guest, 'PATCH', pathOf('primary', own.id), { body: { attendees } });
      }, `Answered as ${guest}`),

    loadSeries,
  };
}

const confirmCancel = (): Promise<string | undefined> =>
  ask('Cancel this event?', 'Its guests see it as cancelled.', [
    { label: 'Cancel the event', value: 'this', tone: 'danger' },
  ]);
