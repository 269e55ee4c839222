/**
 * `GET /emulator/stream`: what happens, as server-sent events
 * (https://developer.mozilla.org/docs/Web/API/Server-sent_events/Using_server-sent_events).
 *
 * - `entry`: an entry of the journal. A client that connects gets the latest ones first; one that connects again with
 *   `Last-Event-ID`, or `?after=`, gets those that it missed.
 * - `restart`: drop all entries; the journal was cleared, or the missed ones are no longer kept. The latest entries follow.
 * - `change`: something was changed by a control route.
 * - `clock`: how far the emulator's clock is ahead of this machine's, `{ ahead }` in milliseconds; at first, after each change by a
 *   control route, and every 10 s.
 */
import { randomUUID } from 'node:crypto';
import { PassThrough } from 'node:stream';
import { keepLatest } from '../journal/keep-latest.ts';
import type { Journal, JournalEntry } from '../journal/journal.ts';
import type { HttpReply, HttpRequest } from '../protocol/exchange.ts';
import type { Clock } from '../state/clock.ts';

const PATH = '/emulator/stream';

/** Entries that are kept for clients that connect again. */
const KEPT = 10_000;
/** Entries that a new client gets. */
const BACKLOG = 1_000;
const HEARTBEAT_MS = 10_000;
/** A client that reads this slowly is disconnected; it connects again and continues. */
const MAX_BUFFERED_BYTES = 8 * 2 ** 20;

interface Line {
  readonly number: number;
  readonly entry: JournalEntry;
}

/** Returns the stream of an emulator. `changed` reports a change by a control route. */
export function createStream({ journal, clock }: { journal: Journal; clock: Clock }) {
  const clients = new Set<PassThrough>();
  let lines: Line[] = [];
  let number = 0;
  let epoch = randomUUID();
  let listening = false;

  const idOf = (at: number): string => `${epoch}/${at}`;
  const clockEvent = (): string => event('clock', { ahead: clock.now() - Date.now() });
  const entryEvent = (line: Line): string => event('entry', line.entry, idOf(line.number));

  function broadcast(text: string): void {
    for (const client of clients) {
      client.write(text);
      if (client.writableLength > MAX_BUFFERED_BYTES) client.destroy();
    }
  }

  function add(entry: JournalEntry): Line {
    const line = { number: (number += 1), entry };
    keepLatest(lines, line, KEPT);
    return line;
  }

  /** Starts with the first client: until then, the journal keeps the entries. */
  function listen(): void {
    if (listening) return;
    listening = true;
    const earlier: JournalEntry[] = [...journal.requests(), ...journal.notifications()];
    for (const entry of earlier.toSorted((a, b) => a.time - b.time)) add(entry);
    journal.subscribe(
      (entry) => broadcast(entryEvent(add(entry))),
      () => {
        lines = [];
        epoch = randomUUID();
        broadcast(event('restart', {}, idOf(number)) + clockEvent());
      },
    );
  }

  /** Returns what a client that has seen `last` gets first. */
  function opening(last: string): string {
    const [seenEpoch, seen = ''] = last.split('/', 2);
    const oldest = number - lines.length;
    const continues = seenEpoch === epoch && /^\d+$/.test(seen) && Number(seen) >= oldest;
    const missed = continues ? lines.filter((line) => line.number > Number(seen)) : lines.slice(-BACKLOG);
    const restart = last === '' || continues ? '' : event('restart', {}, idOf(oldest));
    return `retry: 500\n\n${clockEvent()}${restart}${missed.map(entryEvent).join('')}`;
  }

  function connect(last: string): PassThrough {
    listen();
    const client = new PassThrough();
    const heartbeat = setInterval(() => client.write(clockEvent()), HEARTBEAT_MS);
    clients.add(client);
    client.once('close', () => {
      clearInterval(heartbeat);
      clients.delete(client);
    });
    client.write(opening(last));
    return client;
  }

  return {
    /** Returns the answer to a client, or undefined for any other path. */
    serve({ method, url, headers }: HttpRequest): HttpReply | undefined {
      if (method !== 'GET' || url.pathname !== PATH) return undefined;
      const last = headers['last-event-id'] ?? url.searchParams.get('after') ?? '';
      return {
        status: 200,
        headers: { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' },
        stream: connect(last),
      };
    },
    changed: () => broadcast(event('change', {}) + clockEvent()),
  };
}

function event(type: string, data: unknown, id?: string): string {
  return `event: ${type}\n${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`;
}
