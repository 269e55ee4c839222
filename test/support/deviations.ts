/** Calendar emulators that answer otherwise than is assumed of Google. */
import { CalendarError, type Answer, type Call, type Route } from '../../infra/emulator/index.ts';
import * as z from 'zod';

type Deviation = (routes: readonly Route[]) => readonly Route[];

/** Replaces one method. */
const replace =
  (id: string, handle: (call: Call, usual: Route['handle']) => Promise<Answer>): Deviation =>
  (routes) =>
    routes.map((route) =>
      route.id === id ? { ...route, handle: (call) => handle(call, route.handle) } : route,
    );

/** Applies several deviations. */
export const together =
  (...deviations: readonly Deviation[]): Deviation =>
  (routes) =>
    deviations.reduce((result, deviation) => deviation(result), routes);

const withBody = (answer: Answer, body: object): Answer => ({
  ...answer,
  body: { ...z.looseObject({}).parse(answer.body), ...body },
});

/** `maxResults` is ignored. */
export const largePages = replace('calendar.events.list', async (call, usual) => {
  call.query.delete('maxResults');
  return usual(call);
});

/** An invalid sync token is answered with another reason. */
export const otherReason = replace('calendar.events.list', async (call, usual) => {
  try {
    return await usual(call);
  } catch (error) {
    if (!(error instanceof CalendarError) || error.status !== 410) throw error;
    throw new CalendarError(410, { ...error.detail, reason: 'syncTokenExpired' });
  }
});

/** An edit of reminders is an edit of the event. */
export const reminderEdits = replace('calendar.events.patch', async (call, usual) => {
  const body = z.looseObject({ reminders: z.unknown().optional() }).parse(call.body);
  return usual(body.reminders === undefined ? call : { ...call, body: { ...body, description: 'edited' } });
});

/** The expiration of a channel is a number. */
export const numericExpiration = replace('calendar.events.watch', async (call, usual) => {
  const answer = await usual(call);
  const { expiration } = z.looseObject({ expiration: z.string() }).parse(answer.body);
  return withBody(answer, { expiration: Number(expiration) });
});

/** Incremental lists do not have deleted events. */
export const noDeletions = replace('calendar.events.list', async (call, usual) => {
  const answer = await usual(call);
  if (!call.query.has('syncToken')) return answer;
  const { items } = z
    .looseObject({ items: z.array(z.looseObject({ status: z.string() })) })
    .parse(answer.body);
  return withBody(answer, {
    items: items.filter((item) => item.status !== 'cancelled' || item['recurringEventId'] !== undefined),
  });
});
