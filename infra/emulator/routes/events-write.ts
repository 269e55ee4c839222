import { bodyOf } from '../protocol/body.ts';
import { moveEvent } from '../event/move.ts';
import type { StoredEvent } from '../state/stored-event.ts';
import { showEvent } from '../event/view.ts';
import type { WriteContext } from '../event/context.ts';
import { loadParsers, readQuickEvent } from '../event/quick-add.ts';
import { removeEvent } from '../event/remove.ts';
import { importEvent } from '../event/import.ts';
import { changeEvent, insertEvent } from '../event/write.ts';
import type { Answer, Call, Route } from '../protocol/http.ts';
import { invalid, required } from '../protocol/api-errors.ts';
import { openCalendar } from '../state/access.ts';
import type { Store } from '../state/store.ts';
import { viewOf } from './events-read.ts';

/** The methods that change events (https://developers.google.com/workspace/calendar/api/v3/reference/events). */
export function eventWriteRoutes(store: Store): Route[] {
  const writing = (work: (context: WriteContext, call: Call) => StoredEvent) => (call: Call) => {
    const context = open(store, call);
    return shown(context, work(context, call));
  };
  const events = '/calendars/:calendarId/events';
  return [
    {
      id: 'calendar.events.insert',
      method: 'POST',
      path: events,
      handle: writing((context, call) => insertEvent(context, bodyOf(call.body))),
    },
    {
      id: 'calendar.events.import',
      method: 'POST',
      path: `${events}/import`,
      handle: writing((context, call) => importEvent(context, bodyOf(call.body))),
    },
    {
      id: 'calendar.events.quickAdd',
      method: 'POST',
      path: `${events}/quickAdd`,
      handle: (call) => quickAdd(store, call),
    },
    {
      id: 'calendar.events.update',
      method: 'PUT',
      path: `${events}/:eventId`,
      handle: writing((context, call) => changeEvent(context, eventId(call), bodyOf(call.body), 'update')),
    },
    {
      id: 'calendar.events.patch',
      method: 'PATCH',
      path: `${events}/:eventId`,
      handle: writing((context, call) => changeEvent(context, eventId(call), bodyOf(call.body), 'patch')),
    },
    {
      id: 'calendar.events.delete',
      method: 'DELETE',
      path: `${events}/:eventId`,
      handle(call) {
        removeEvent(open(store, call), eventId(call));
        return { status: 204 };
      },
    },
    {
      id: 'calendar.events.move',
      method: 'POST',
      path: `${events}/:eventId/move`,
      handle(call) {
        const destination = call.query.get('destination');
        if (!destination) throw required('destination');
        const context = open(store, call);
        const to = openCalendar(store, call.user, destination, 'writerWithoutPrivateAccess');
        return shown({ ...context, access: to }, moveEvent(context, eventId(call), to));
      },
    },
  ];
}

const eventId = (call: Call): string => call.params['eventId'] ?? '';

function open(store: Store, call: Call): WriteContext {
  const sendUpdates = call.query.get('sendUpdates');
  if (sendUpdates !== null && !['all', 'externalOnly', 'none'].includes(sendUpdates))
    throw invalid('sendUpdates');
  const access = openCalendar(
    store,
    call.user,
    call.params['calendarId'] ?? '',
    'writerWithoutPrivateAccess',
  );
  return { store, access, query: call.query };
}

const shown = ({ access, query }: WriteContext, event: StoredEvent): Answer => ({
  status: 200,
  body: showEvent(viewOf(access, query), event),
});

/**
 * Answers events.quickAdd (https://developers.google.com/workspace/calendar/api/v3/reference/events/quickAdd). Throws 400
 * `required` without a text.
 */
async function quickAdd(store: Store, call: Call): Promise<Answer> {
  const parsers = await loadParsers();
  const context = open(store, call);
  const text = call.query.get('text')?.trim();
  if (!text) throw required('text');
  return shown(context, insertEvent(context, { ...readQuickEvent(parsers, text, store, context.access) }));
}
