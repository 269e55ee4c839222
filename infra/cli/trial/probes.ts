import { randomUUID } from 'node:crypto';

import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';

import { agendaOf } from '../../../functions/agenda/index.ts';
import { reasonOf, type ApiAnswer } from '../../local/demo/api.ts';
import { mustFind } from '../wait.ts';
import { listAll } from './lists.ts';
import { calendarPath, TIME_ZONE } from './stage.ts';
import type { Trial } from './trial.ts';

/** Questions to the Calendar API that need neither mirror nor feed. */

/** The example of https://developers.google.com/workspace/calendar/api/guides/sync: Google's own form, and long invalid. */
export const EXPIRED_TOKEN = 'CPDAlvWDx70CEPDAlvWDx70CGAU=';

const HOUR_MS = 3_600_000;
const PAGE = 5;

const isAnswer = ({ status, body }: ApiAnswer, wanted: number, reason?: string): boolean =>
  status === wanted && (reason === undefined || reasonOf(body) === reason);
const textOf = ({ status, body }: ApiAnswer): string => {
  const reason = reasonOf(body);
  // Google's reasons are words; nothing else of an answer is repeated.
  return status < 300 || !/^[\w.]{1,64}$/.test(reason) ? String(status) : `${String(status)} ${reason}`;
};

const timed = z.object({
  start: z.object({ dateTime: z.string() }),
  end: z.object({ dateTime: z.string() }),
});

/** Compares a recurring event's occurrences as Google lists them with the agenda's, and looks at its exceptions. */
export async function probeOccurrences({ api, evidence, calendarId }: Trial): Promise<void> {
  const events = calendarPath(calendarId, '/events');
  const { items, pages } = await listAll(api, events);
  const timeZone = pages[0]?.timeZone;
  evidence.see('G8', timeZone === TIME_ZONE, timeZone === undefined ? 'no time zone' : 'the calendar’s');

  const cancelled = items.filter((item) => item['status'] === 'cancelled');
  const complete = cancelled.filter(
    (item) => typeof item['recurringEventId'] === 'string' && item['originalStartTime'] !== undefined,
  );
  const stays = cancelled.length === 1 && complete.length === 1;
  evidence.see('G15', stays, `${String(cancelled.length)} of 1 listed, ${String(complete.length)} complete`);

  const single = await listAll(api, events, { singleEvents: 'true' });
  const google = single.items.flatMap((item) => {
    const { data } = timed.safeParse(item);
    return data === undefined || item['status'] === 'cancelled'
      ? []
      : [[Date.parse(data.start.dateTime), Date.parse(data.end.dateTime)]];
  });
  const window = { from: Date.now(), to: Date.now() + 3 * 366 * 24 * HOUR_MS };
  const agenda = agendaOf(items, window, TIME_ZONE).occurrences.map(({ startsAt, endsAt }) => [
    startsAt,
    endsAt,
  ]);
  const inOrder = google.toSorted(([a = 0], [b = 0]) => a - b);
  evidence.see(
    'G23',
    isDeepStrictEqual(inOrder, agenda),
    `${String(google.length)} occurrences, ${String(agenda.length)} in the agenda`,
  );
}

/** Looks at pages, tokens and errors of lists. */
export async function probeLists({ api, evidence, calendarId, lists }: Trial): Promise<void> {
  const events = calendarPath(calendarId, '/events');
  const { pages } = await listAll(api, events, { maxResults: String(PAGE) });
  const sizes = pages.map(({ items }) => items.length);
  evidence.see(
    'G2',
    sizes.every((size) => size <= PAGE),
    `pages of ${sizes.join(', ')} for ${String(PAGE)}`,
  );
  const tokens = pages.filter((page) => page.nextSyncToken !== undefined).length;
  const last = pages.at(-1)?.nextSyncToken !== undefined;
  evidence.see(
    'G1',
    tokens === 1 && last,
    `${String(tokens)} on ${String(pages.length)} pages${last ? ', on the last' : ''}`,
  );

  const expired = await api.call('GET', `${events}?syncToken=${encodeURIComponent(EXPIRED_TOKEN)}`);
  evidence.see('G4', isAnswer(expired, 410, 'fullSyncRequired'), textOf(expired));
  const token = encodeURIComponent(lists.events.token());
  const windowed = await api.call('GET', `${events}?syncToken=${token}&timeMin=${new Date().toISOString()}`);
  evidence.see('G5', isAnswer(windowed, 400), textOf(windowed));
  const foreign = calendarPath(`${randomUUID().replaceAll('-', '')}@group.calendar.google.com`, '/events');
  const unknown = await api.call('GET', foreign);
  evidence.see('G10', isAnswer(unknown, 404, 'notFound'), textOf(unknown));
}

const opened = z.looseObject({ resourceId: z.string(), expiration: z.unknown() });

/** Opens a channel of its own and stops it at once. Receive rejects its only message, as it has no valid token. */
export async function probeChannels(trial: Trial): Promise<void> {
  const { api, evidence, calendarId, session, events } = trial;
  const { channelAddress } = trial.actor;
  if (channelAddress === undefined) return;
  const watch = calendarPath(calendarId, '/events/watch');
  const channel = (id: string, lifetimeMs: number) => ({
    id,
    type: 'web_hook',
    address: channelAddress,
    token: 'calendar-mirror trial',
    expiration: String(Date.now() + lifetimeMs),
  });
  const past = await api.call('POST', watch, channel(randomUUID(), -HOUR_MS));
  evidence.see('G27', isAnswer(past, 400, 'pushInvalidTtl'), textOf(past));

  const request = channel(randomUUID(), HOUR_MS);
  const answer = await api.call('POST', watch, request);
  const { data } = opened.safeParse(answer.body);
  if (answer.status !== 200 || data === undefined) return;
  const { resourceId, expiration } = data;
  const isText = typeof expiration === 'string' && /^\d{13}$/.test(expiration);
  const form = expiration === undefined ? 'none' : typeof expiration;
  evidence.see('G24', isText, isText ? 'text of 13 digits' : form);
  if (expiration !== undefined) {
    const granted = Number(expiration) - Number(request.expiration);
    evidence.see(
      'G25',
      granted <= 1_000,
      `${String(Math.round((granted + HOUR_MS) / 60_000))} of 60 minutes`,
    );
  }
  const { channel: ours } = (await mustFind(session, events.id)).watch;
  if (ours !== undefined)
    evidence.see(
      'G28',
      ours.resourceId === resourceId,
      ours.resourceId === resourceId ? 'the same' : 'different',
    );

  const again = await api.call('POST', watch, request);
  evidence.see('G26', isAnswer(again, 400, 'channelIdNotUnique'), textOf(again));
  const stopped = await api.call('POST', 'channels/stop', { id: request.id, resourceId });
  const unknown = await api.call('POST', 'channels/stop', { id: randomUUID(), resourceId });
  evidence.see(
    'G29',
    stopped.status === 204 && unknown.status === 404,
    `${textOf(stopped)}, then ${textOf(unknown)}`,
  );
}

/** Changes the calendar's time zone. What is mirrored follows with the next sync only, so this comes last. */
export async function probeTimeZone({ api, evidence, calendarId, lists }: Trial): Promise<void> {
  await lists.events.changes();
  await api.patch(calendarPath(calendarId), { timeZone: 'America/New_York' });
  const changed = await lists.events.changes();
  evidence.see('G9', changed.length === 0, `${String(changed.length)} events in the next list`);
}
