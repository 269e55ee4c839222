/** Playing Google, in the cloud on this machine alone: each action calls the emulator, and answers with the command that does the same. */
import * as z from 'zod';

import type { Cloud } from '../../local/cloud.ts';
import { scenarioNames } from '../../emulator/scenarios/index.ts';
import type { ConsoleContext } from '../context.ts';
import {
  burstOfEdits,
  burstOfEditsCommand,
  burstOfEvents,
  burstOfEventsCommand,
  eventsPath,
  removeBurstCommand,
  type Played,
  type PlayStatus,
} from '../model/play.ts';
import { RouteError, type Handler, type Routes } from '../server/exchange.ts';
import { look, play, playAll } from '../source/emulator.ts';

/** A path of the Calendar API: the events of a calendar, or one of them. */
const eventPath = z.string().regex(/^\/calendars\/[^/?#]+\/events(?:\/[^/?#]+)?$/);

const Call = z.object({
  user: z.string().min(1),
  method: z.enum(['POST', 'PUT', 'PATCH', 'DELETE']),
  path: eventPath,
  query: z.record(z.string(), z.string()).default({}),
  etag: z.string().optional(),
  body: z.record(z.string(), z.unknown()).optional(),
});
const Look = z.object({ user: z.string().min(1), path: eventPath });

const target = { user: z.string().min(1), calendarId: z.string().min(1) };
const Burst = z.discriminatedUnion('what', [
  z.object({
    what: z.literal('create'),
    ...target,
    days: z.array(z.iso.date()).min(1).max(31),
    timeZone: z.string(),
  }),
  z.object({ what: z.literal('edit'), ...target, event: z.string().min(1) }),
  z.object({ what: z.literal('remove'), ...target }),
]);
const Marked = z.object({ items: z.array(z.object({ id: z.string() })).default([]) });

/**
 * Returns the routes: `GET /api/play`; `GET` and `POST /api/play/calendar`, which read and change events as any account;
 * `POST /api/play/burst`; `POST /api/play/scenarios/<name>`; and `POST /api/play/clear`, which removes all faults.
 */
export const playRoutes = ({ cloud }: ConsoleContext): Routes => {
  /** Runs the handler in the cloud on this machine. */
  const local =
    (act: (cloud: Cloud, ...call: Parameters<Handler>) => unknown): Handler =>
    (...call) => {
      if (cloud !== undefined) return act(cloud, ...call);
      throw new RouteError(
        403,
        'only the cloud on this machine can play Google: open the console of calendar-mirror dev',
      );
    };
  return {
    'GET /api/play': local((here) => statusOf(here)),
    'GET /api/play/calendar': local((here, { query }) => {
      const { user, path } = Look.parse(Object.fromEntries(query));
      return look(here, path, { user });
    }),
    'POST /api/play/calendar': local(async (here, { body }): Promise<Played> => {
      const { path, query, ...call } = Call.parse(body);
      const search = new URLSearchParams(query).toString();
      return play(here, {
        ...definedOf(call),
        path: `/calendar/v3${path}${search === '' ? '' : `?${search}`}`,
      });
    }),
    'POST /api/play/burst': local((here, { body }) => burst(here, Burst.parse(body))),
    'POST /api/play/scenarios/*': local((here, { body }, [name = '']) => {
      if (!scenarioNames().some((known) => known === name)) {
        throw new RouteError(404, `scenario ${JSON.stringify(name)} not found`);
      }
      return play(here, { method: 'POST', path: `/emulator/scenarios/${name}`, body: body ?? {} });
    }),
    'POST /api/play/clear': local(async (here): Promise<Played> => {
      const played = await play(here, { method: 'DELETE', path: '/emulator/faults' });
      return { ...played, did: 'all faults are removed' };
    }),
  };
};

/** Leaves out what is undefined. */
function definedOf({ etag, body, ...call }: Omit<z.infer<typeof Call>, 'path' | 'query'>) {
  return { ...call, ...(etag === undefined ? {} : { etag }), ...(body === undefined ? {} : { body }) };
}

function statusOf({ calendar }: Cloud): PlayStatus {
  const states = calendar.channels.list().map(({ state }) => state);
  const count = (wanted: string): number => states.filter((state) => state === wanted).length;
  return {
    users: [...calendar.store.users.keys()],
    faults: calendar.faults.list().length,
    channels: { live: count('live'), expired: count('expired'), killed: count('killed') },
    ahead: calendar.clock.offset(),
    page: `${calendar.url}/emulator/`,
  };
}

async function burst(here: Cloud, wanted: z.infer<typeof Burst>): Promise<Played> {
  const root = here.urls.calendar;
  switch (wanted.what) {
    case 'create': {
      const { days, timeZone } = wanted;
      const calls = burstOfEvents(wanted, days, timeZone);
      await playAll(here, calls);
      const command = burstOfEventsCommand(root, wanted, days, timeZone);
      return { did: `${String(calls.length)} events created`, command };
    }
    case 'edit': {
      // One after the other: each edit must be of what the one before it left.
      for (const call of burstOfEdits(wanted, wanted.event)) await play(here, call);
      return {
        did: 'one event edited 100 times',
        command: burstOfEditsCommand(root, wanted, wanted.event),
      };
    }
    case 'remove': {
      const path = eventsPath(wanted.calendarId).replace('/calendar/v3', '');
      const query = { user: wanted.user, privateExtendedProperty: 'burst=1', maxResults: '2500' };
      const { items } = Marked.parse(await look(here, path, query));
      const calls = items.map(({ id }) => ({
        method: 'DELETE' as const,
        path: eventsPath(wanted.calendarId, id),
        user: wanted.user,
      }));
      await playAll(here, calls);
      return { did: `${String(calls.length)} events cancelled`, command: removeBurstCommand(root, wanted) };
    }
  }
}
