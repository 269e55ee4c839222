/** A watch with a clock publishes the moments of its events on `calendar-clock`, shortly before they are due. */
import { expect } from 'vitest';
import { readAgenda } from '../../functions/agenda/index.ts';
import { clockTest, HOUR, MINUTE, timesIn } from '../support/clock-test.ts';
import { eventually } from '../support/eventually.ts';
import { eventsOf, fieldOf, PRIMARY, untilStatus } from '../support/watched-events.ts';

const test = clockTest();

const isoOf = (time: { readonly dateTime: string }): string => new Date(time.dateTime).toISOString();

test('moments before the start, at the start and at the end are published in the form of the contract', async ({
  cloud,
  clocks,
}) => {
  const user = cloud.newUser();
  const api = cloud.as(user);
  const soon = timesIn(MINUTE);
  const inTenMinutes = timesIn(11 * MINUTE);
  const underWay = timesIn(-HOUR, HOUR + MINUTE);
  const { id } = await api.insert(PRIMARY, { summary: 'Standup', ...soon });
  await api.insert(PRIMARY, { summary: 'Review', ...inTenMinutes });
  await api.insert(PRIMARY, { summary: 'Lunch', ...underWay });
  const watch = await clocks.watched(user, ['-PT10M', 'start', 'end']);
  await eventually(() => expect(clocks.told(watch)).toEqual(['Lunch end', 'Review -PT10M', 'Standup start']));
  const start = clocks.momentsOf(watch).find(({ moment }) => moment === 'start');
  const { body: event } = await api.call('GET', `${PRIMARY}/${id}`);
  const startsAt = isoOf(soon.start);
  const { sequence } = await cloud.document(eventsOf(user), id);
  expect(start).toEqual({
    watchId: watch,
    user,
    calendarId: user,
    eventId: id,
    moment: 'start',
    dueAt: startsAt,
    startsAt,
    endsAt: isoOf(soon.end),
    sequence,
    event,
    orderingKey: expect.stringMatching(new RegExp(`^${watch}/(?:\\d|1[0-5])$`)),
    attributes: {
      'ce-specversion': '1.0',
      'ce-id': `${watch}/${id}/${startsAt}/start`,
      'ce-type': 'calendar.clock.started',
      'ce-source': `//calendar-mirror/watches/${watch}`,
      'ce-subject': `users/${user}/calendars/${user}/events/${id}`,
      'ce-time': startsAt,
      'ce-dataschema': 'urn:calendar-mirror:clock:1',
      'content-type': 'application/json',
      watch,
      user,
      calendar: user,
      event: id,
      moment: 'start',
      ...traceOf(start?.attributes),
    },
  });
  const changed = cloud.history(watch).find(({ itemId }) => itemId === id);
  expect(start?.orderingKey).toBe(changed?.orderingKey);
  const types = clocks.momentsOf(watch).map(({ moment, attributes }) => [moment, attributes['ce-type']]);
  expect(new Map(types.map(([moment, type]) => [moment, type]))).toEqual(
    new Map([
      ['-PT10M', 'calendar.clock.upcoming'],
      ['start', 'calendar.clock.started'],
      ['end', 'calendar.clock.ended'],
    ]),
  );
});

/** Publishers may add the context of a trace. */
const traceOf = (attributes: Readonly<Record<string, string>> = {}) =>
  Object.fromEntries(Object.entries(attributes).filter(([name]) => name.startsWith('googclient_')));

test('an occurrence of a series has its own id, and the number of the series', async ({ cloud, clocks }) => {
  const user = cloud.newUser();
  const times = timesIn(MINUTE);
  const series = { summary: 'Daily', ...times, recurrence: ['RRULE:FREQ=DAILY;COUNT=3'] };
  const { id } = await cloud.as(user).insert(PRIMARY, series);
  const watch = await clocks.watched(user, ['start']);
  await eventually(() => expect(clocks.momentsOf(watch)).toHaveLength(1));
  const [moment] = clocks.momentsOf(watch);
  const occurrenceId = `${id}_${times.start.dateTime.replaceAll(/[-:]/g, '')}`;
  const window = { from: new Date(), to: new Date(Date.now() + HOUR), timeZone: 'UTC' };
  const { occurrences } = await readAgenda(cloud.firestore, { user, calendarId: user, ...window });
  const event = occurrences[0]?.event;
  expect(moment).toMatchObject({ eventId: occurrenceId, recurringEventId: id, event });
  expect(moment?.attributes['ce-subject']).toBe(`users/${user}/calendars/${user}/events/${occurrenceId}`);
  expect(moment?.sequence).toBe((await cloud.document(eventsOf(user), id)).sequence);
});

/** A series whose first occurrence starts in a minute. */
const seriesOf = (summary: string) => ({
  summary,
  ...timesIn(MINUTE),
  recurrence: ['RRULE:FREQ=DAILY;COUNT=3'],
});

test('a moved occurrence has its moments at its new time, and a cancelled one has none', async ({
  cloud,
  clocks,
}) => {
  const user = cloud.newUser();
  const api = cloud.as(user);
  const insert = async (summary: string) => {
    const { id } = await api.insert(PRIMARY, seriesOf(summary));
    const { body } = await api.call('GET', `${PRIMARY}/${id}/instances`);
    return Object(body).items.map(({ id: each }: { id: string }) => `${PRIMARY}/${each}`);
  };
  const [movedAway] = await insert('Moved away');
  const [, movedHere] = await insert('Moved here');
  const [cancelled] = await insert('Cancelled');
  await api.patch(movedAway, timesIn(3 * HOUR));
  await api.patch(movedHere, { ...timesIn(MINUTE), summary: 'Exception' });
  await api.remove(cancelled);
  const watch = await clocks.watched(user, ['start']);
  await eventually(() => expect(clocks.told(watch)).toEqual(['Exception start', 'Moved here start']));
});

const date = (at: number) => ({ date: new Date(at).toISOString().slice(0, 10) });

test('an all-day event has moments if the clock asks for them', async ({ cloud, clocks }) => {
  const user = cloud.newUser();
  const api = cloud.as(user);
  // The duration names a moment that is a minute away.
  const midnight = new Date(Date.now()).setUTCHours(0, 0, 0, 0);
  const sinceMidnight = Math.ceil((Date.now() - midnight + MINUTE) / 1000);
  await api.patch(`calendars/${user}`, { timeZone: 'UTC' });
  await api.insert(PRIMARY, { summary: 'Holiday', start: date(midnight), end: date(midnight + 24 * HOUR) });
  await api.insert(PRIMARY, { summary: 'Meeting', ...timesIn(MINUTE) });
  const moments = ['start', `PT${String(sinceMidnight)}S`];
  const watch = await clocks.watched(user, moments);
  await eventually(() => expect(clocks.told(watch)).toEqual(['Meeting start']));
  await cloud.watch(watch, { ...eventsOf(user), clock: { moments, allDay: true } });
  await cloud.renew();
  await eventually(() =>
    expect(clocks.told(watch)).toEqual([`Holiday PT${String(sinceMidnight)}S`, 'Meeting start']),
  );
});

test('a watch of single events has the same moments as one of series', async ({ cloud, clocks }) => {
  const user = cloud.newUser();
  const times = timesIn(MINUTE);
  const series = { summary: 'Daily', ...times, recurrence: ['RRULE:FREQ=DAILY;COUNT=3'] };
  const { id } = await cloud.as(user).insert(PRIMARY, series);
  const watch = await clocks.watched(user, ['start'], { singleEvents: true });
  await eventually(() => expect(clocks.told(watch)).toEqual(['Daily start']));
  expect(clocks.momentsOf(watch)[0]).toMatchObject({
    recurringEventId: id,
    startsAt: isoOf(times.start),
    eventId: `${id}_${times.start.dateTime.replaceAll(/[-:]/g, '')}`,
  });
});

test('a watch without a clock has no fields of one', async ({ cloud, clocks }) => {
  const user = cloud.newUser();
  await cloud.as(user).insert(PRIMARY, { summary: 'Silent', ...timesIn(MINUTE) });
  const watch = await cloud.register(eventsOf(user));
  await untilStatus(cloud, watch, { state: 'active' });
  await cloud.processed(watch);
  await cloud.renewNow(watch);
  await cloud.processed(watch);
  expect(await fieldOf(cloud, watch, 'status')).not.toHaveProperty('clock');
  expect(await fieldOf(cloud, watch, 'status')).not.toHaveProperty('checkAt');
  expect(clocks.momentsOf(watch)).toEqual([]);
});
