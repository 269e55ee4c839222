import { expect, test } from 'vitest';
import { createCalendar, type Method } from '../../../reliability/simulation/calendar-client.ts';
import { createCollection } from '../../../reliability/simulation/collection.ts';
import { createFaults } from '../../../reliability/simulation/faults.ts';
import { createGoogleChannels } from '../../../reliability/simulation/google-channels.ts';
import { createCall, createFleet } from '../../../reliability/simulation/processes.ts';
import { HOUR, RATES, START, type FaultKind } from '../../../reliability/simulation/scenario.ts';
import { createSubject } from '../../../reliability/simulation/subject.ts';
import { createTimeline } from '../../../reliability/simulation/timeline.ts';

const isKind = (name: string): name is FaultKind => name in RATES;

/** A Google Calendar whose first answer is lost on the way, and the calls that reach it. */
function losingFirstAnswer() {
  const time = createTimeline(START);
  const subject = createSubject(1, 0);
  const without = new Set(Object.keys(RATES).filter(isKind));
  const none = createFaults({ seed: 1, days: 9, watches: [0], without }, time, () => {});
  const calls: Method[] = [];
  const strikes = (_: unknown, kind: FaultKind): boolean =>
    kind === 'calendarAnswerLost' && calls.length === 1;
  const faults = { ...none, strikes };
  const channels = createGoogleChannels({
    time,
    faults,
    post: () => Promise.resolve(204),
    opened: () => {},
    ended: () => {},
    trace: () => {},
    sabotage: undefined,
  });
  const calendarOf = createCalendar({
    time,
    faults,
    call: createCall(time, faults),
    channels,
    subjectOf: () => subject,
    collectionOf: () => createCollection(subject),
    called: (_, method) => void calls.push(method),
  });
  const { made } = createFleet('sync', 1, { seed: 1, wrongClocks: 0 }, time, calendarOf)(subject);
  return { calendar: made, calls, channels, subject, settle: () => time.runUntil(START + HOUR) };
}

/** The deployed client decides by method, too: see `functions/calendar/client.ts`. */
test('a list or a stop whose answer is lost is repeated, and a watch call is not', async () => {
  const { target, parameters } = createSubject(1, 0).watchSpec;
  const list = losingFirstAnswer();
  const listed = list.calendar.list('service-account', target, parameters, {});
  await list.settle();
  expect(await listed).toMatchObject({ ok: true });
  expect(list.calls).toEqual(['list', 'list']);

  const stop = losingFirstAnswer();
  const channel = { id: 'c1', token: 't', expiresAt: START + 2 * HOUR };
  const { resourceId } = stop.channels.open(stop.subject, channel);
  const stopped = stop.calendar.stop('service-account', target, channel.id, resourceId);
  await stop.settle();
  expect(await stopped).toMatchObject({ ok: true });
  expect(stop.calls).toEqual(['stop', 'stop']);

  const watch = losingFirstAnswer();
  const request = {
    channelId: 'c1',
    address: 'https://example.com',
    token: 't',
    expiresAt: START + HOUR * 2,
  };
  const watched = watch.calendar.watch('service-account', target, parameters, request);
  await watch.settle();
  expect(await watched).toMatchObject({ ok: false, problem: { kind: 'temporary', notApplied: false } });
  expect(watch.calls).toEqual(['watch']);
  // It is open all the same.
  expect(watch.channels.live(watch.subject)).toEqual(['c1']);
});
