/** How operations of an emulator are measured. */
import { randomUUID } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { createServer } from 'node:http';
import { freePort } from '../../../infra/local/ports.ts';
import { idOf, OWNER } from './calendar.ts';
import type { Call } from './client.ts';
import type { Emulator } from './process.ts';

export const EVENTS = `/calendar/v3/calendars/${OWNER}/events`;

/** An emulator with a calendar of `count` events, and since then `added` more, and `removed` of the first ones deleted. */
export interface Calendar {
  readonly emulator: Emulator;
  readonly count: number;
  /** Returns the ids of events in an order that jumps through the calendar. */
  readonly nextId: () => string;
  added: number;
  removed: number;
}

interface Measurement {
  /** Measures once, in milliseconds. */
  readonly measure: () => Promise<number>;
  readonly end?: () => void;
}

export type Prepare = (calendar: Calendar) => Promise<Measurement>;

export function calendarOf(emulator: Emulator, count: number): Calendar {
  let at = 0;
  return { emulator, count, nextId: () => idOf((at = (at + 7919) % count)), added: 0, removed: 0 };
}

/** Measures as many times as given, after a tenth as many times that do not count. */
export async function repeat(
  prepare: Prepare,
  calendar: Calendar,
  times: number,
): Promise<readonly number[]> {
  const { measure, end } = await prepare(calendar);
  const warmUp = Math.ceil(times / 10);
  const values: number[] = [];
  try {
    for (let round = 0; round < warmUp + times; round += 1) values.push(await measure());
  } finally {
    end?.();
  }
  return values.slice(warmUp);
}

/** Measures one call. */
export const timed =
  (method: string, path: (calendar: Calendar) => string, body?: (calendar: Calendar) => unknown): Prepare =>
  (calendar) =>
    Promise.resolve({
      measure: async () => (await calendar.emulator.call(method, path(calendar), body?.(calendar))).ms,
    });

/** Measures the calls of a list of the whole calendar. */
export const traversals: Prepare = ({ emulator }) =>
  Promise.resolve({ measure: async () => (await traverse(emulator.call)).ms });

async function traverse(call: Call): Promise<{ ms: number; syncToken: string | undefined }> {
  let total = 0;
  let pageToken: string | undefined;
  for (;;) {
    const page: string = pageToken === undefined ? '' : `&pageToken=${pageToken}`;
    const { text, ms } = await call('GET', `${EVENTS}?maxResults=2500${page}`);
    total += ms;
    pageToken = tokenIn(text, 'nextPageToken');
    if (pageToken === undefined) return { ms: total, syncToken: tokenIn(text, 'nextSyncToken') };
  }
}

const tokenIn = (text: string, name: 'nextPageToken' | 'nextSyncToken'): string | undefined =>
  new RegExp(`"${name}": ?"([^"]+)"`).exec(text)?.[1];

/** Measures a list with a sync token since which that many events were edited. */
export const afterChanges =
  (count: number): Prepare =>
  async ({ emulator: { call }, nextId }) => {
    const { syncToken } = await traverse(call);
    if (syncToken === undefined) throw new Error('the list ended without a sync token');
    for (let change = 0; change < count; change += 1)
      await call('PATCH', `${EVENTS}/${nextId()}`, { summary: `edited at ${String(performance.now())}` });
    return { measure: async () => (await call('GET', `${EVENTS}?syncToken=${syncToken}`)).ms };
  };

/** The number of events that each connection inserts at a time. */
const EACH = 25;

/** Measures inserts on several connections at once: their time, divided by the number of events. */
export const inserts =
  (connections: number, newEvent: (calendar: Calendar) => unknown): Prepare =>
  (calendar) => {
    const open = Array.from({ length: connections }, () => calendar.emulator.open());
    const insertSome = async ({ call }: { readonly call: Call }): Promise<void> => {
      for (let event = 0; event < EACH; event += 1) await call('POST', EVENTS, newEvent(calendar));
    };
    return Promise.resolve({
      async measure() {
        const startedAt = performance.now();
        await Promise.all(open.map(insertSome));
        return (performance.now() - startedAt) / (connections * EACH);
      },
      end() {
        for (const connection of open) connection.close();
      },
    });
  };

/** Measures from the moment when an edit is sent until its notification has arrived. */
export const notifications: Prepare = async ({ emulator: { call }, nextId }) => {
  const arrivals = new EventEmitter();
  const receiver = createServer((request, response) => {
    response.writeHead(204).end();
    if (request.headers['x-goog-resource-state'] === 'exists') arrivals.emit('arrival');
  });
  const port = await freePort();
  receiver.listen(port, '127.0.0.1');
  await once(receiver, 'listening');
  const address = `http://127.0.0.1:${String(port)}`;
  await call('POST', `${EVENTS}/watch`, { id: randomUUID(), type: 'web_hook', address });
  return {
    async measure() {
      const arrival = once(arrivals, 'arrival');
      const startedAt = performance.now();
      await call('PATCH', `${EVENTS}/${nextId()}`, { summary: `edited at ${String(startedAt)}` });
      await arrival;
      return performance.now() - startedAt;
    },
    end() {
      receiver.close();
      receiver.closeAllConnections();
    },
  };
};
