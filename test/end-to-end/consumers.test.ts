/** Programs built on the mirror and the feed: the example of a consumer, and the agenda. */
import * as fc from 'fast-check';
import { expect } from 'vitest';
import { readAgenda } from '../../functions/agenda/index.ts';
import type { Change } from '../../functions/feed/change.ts';
import { cloudTest } from '../support/cloud-test.ts';
import { eventually } from '../support/eventually.ts';
import { startExample } from '../support/example.ts';
import { schemaProblem } from '../support/message-schemas.ts';
import type { Pipeline } from '../support/pipeline.ts';

const test = cloudTest().extend('example', { scope: 'file' }, async ({ cloud }, { onCleanup }) => {
  const example = await startExample(cloud, 'react-to-changes', 'react');
  onCleanup(() => example.stop());
  return example;
});

const at = (day: number, hour = 10) => ({
  start: { dateTime: `2030-01-0${day}T${hour}:00:00Z`, timeZone: 'UTC' },
  end: { dateTime: `2030-01-0${day}T${hour}:30:00Z`, timeZone: 'UTC' },
});

/** Creates a user whose primary calendar is watched. */
async function watched(cloud: Pipeline) {
  const user = cloud.newUser();
  const watch = await cloud.register({ user, resource: 'events', calendarId: user });
  await cloud.processed(watch);
  return { user, watch, api: cloud.as(user), events: `calendars/${user}/events` };
}

/** Returns the example's record of an item. */
async function reaction(cloud: Pipeline, watch: string, item: string) {
  const found = await cloud.firestore
    .collection('reactions')
    .where('watch', '==', watch)
    .where('item', '==', item)
    .get();
  const { sequence, now, moves } = found.docs[0]?.data() ?? {};
  return { sequence, now: JSON.parse(String(now ?? null)), moves };
}

/** Returns a change of an event that moves each time, and is deleted in the end. */
const changeOf = (watchId: string, sequence: number, last: number): Change => ({
  watchId,
  user: 'ada@example.com',
  resource: 'events',
  calendarId: 'ada@example.com',
  itemId: 'event',
  change: sequence === 1 ? 'created' : sequence === last ? 'deleted' : 'updated',
  kinds: [],
  sequence,
  before: sequence === 1 ? null : { id: 'event', ...at(1, 9 + sequence) },
  after: sequence === last ? null : { id: 'event', ...at(1, 10 + sequence) },
  occurredAt: new Date().toISOString(),
});

test('the example has the state of each item and counts its moves', async ({ cloud, example }) => {
  const { watch, api, events } = await watched(cloud);
  const { id } = await api.insert(events, { summary: 'review', ...at(1) });
  const known = (expected: object) =>
    eventually(async () => expect(await reaction(cloud, watch, id)).toMatchObject(expected));
  await known({ sequence: 1, now: { id, summary: 'review' }, moves: 0 });
  await api.patch(`${events}/${id}`, at(2));
  await known({ sequence: 2, moves: 1 });
  await api.patch(`${events}/${id}`, { summary: 'late review' });
  await known({ sequence: 3, now: { summary: 'late review' }, moves: 1 });
  await api.patch(`${events}/${id}`, at(3));
  await known({ sequence: 4, moves: 2 });
  // Everything once more, in reverse order: nothing is new.
  const repeat = async (changes: number): Promise<void> => {
    await eventually(() => expect(cloud.history(watch)).toHaveLength(changes));
    for (const { attributes: _, orderingKey: __, ...change } of cloud.history(watch).toReversed())
      expect(await example.deliver(JSON.stringify(change))).toBe(204);
  };
  await repeat(4);
  await known({ sequence: 4, moves: 2 });
  await api.remove(`${events}/${id}`);
  await known({ sequence: 5, now: null });
  await repeat(5);
  expect(await reaction(cloud, watch, id)).toEqual({ sequence: 5, now: null, moves: 2 });
});

test('the example counts the move of an occurrence, which is a new item', async ({ cloud, example }) => {
  const { watch, api, events } = await watched(cloud);
  const { id } = await api.insert(events, { summary: 'daily', ...at(1), recurrence: ['RRULE:FREQ=DAILY'] });
  const [renamed, moved] = [`${id}_20300104T100000Z`, `${id}_20300105T100000Z`];
  await api.patch(`${events}/${renamed}`, { summary: 'other' });
  await api.patch(`${events}/${moved}`, at(5, 15));
  await eventually(async () => {
    expect(await reaction(cloud, watch, renamed)).toMatchObject({ now: { summary: 'other' }, moves: 0 });
    expect(await reaction(cloud, watch, moved)).toMatchObject({ now: { summary: 'daily' }, moves: 1 });
  });
  // The example's subscription may be ahead of the one that the history is collected from.
  const change = await eventually(() => {
    const found = cloud.history(watch).find(({ itemId }) => itemId === moved);
    expect(found).toMatchObject({ change: 'created', kinds: ['moved'] });
    return found;
  });
  expect(await example.deliver(JSON.stringify(change))).toBe(204);
  expect(await reaction(cloud, watch, moved)).toMatchObject({ moves: 1 });
});

test('the example has the latest state in whatever order and however often changes arrive', async ({
  cloud,
  example,
}) => {
  let runs = 0;
  const deliveries = fc.integer({ min: 2, max: 5 }).chain((last) =>
    fc.tuple(
      fc.constant(last),
      fc.array(fc.integer({ min: 1, max: last }), { maxLength: 4 }),
      fc.shuffledSubarray(
        Array.from({ length: last }, (_, index) => index + 1),
        { minLength: last },
      ),
    ),
  );
  await fc.assert(
    fc.asyncProperty(deliveries, async ([last, twice, shuffled]) => {
      const watch = `shuffled-${(runs += 1)}`;
      const deliver = (sequence: number) => example.deliver(JSON.stringify(changeOf(watch, sequence, last)));
      for (const sequence of [...twice, ...shuffled]) expect(await deliver(sequence)).toBe(204);
      expect(await reaction(cloud, watch, 'event')).toMatchObject({ sequence: last, now: null });
    }),
    { numRuns: 10, seed: 20_300_103 },
  );
});

test.for(['no JSON', '{}'])('the example rejects %j, which is not a change', async (data, { example }) => {
  expect(await example.deliver(data)).toBe(500);
});

test('the agenda of the mirror follows the calendar', async ({ cloud }) => {
  const { user, api, events } = await watched(cloud);
  const onThe4thAnd5th = async () => {
    const { occurrences } = await readAgenda(cloud.firestore, {
      user,
      calendarId: user,
      from: new Date('2030-01-04T00:00:00Z'),
      to: new Date('2030-01-06T00:00:00Z'),
      timeZone: 'UTC',
    });
    return occurrences.map(
      ({ event, startsAt }) => `${new Date(startsAt).toISOString()} ${String(event['summary'])}`,
    );
  };
  const is = (expected: string[]) => eventually(async () => expect(await onThe4thAnd5th()).toEqual(expected));

  const { id } = await api.insert(events, {
    summary: 'stand-up',
    ...at(1),
    recurrence: ['RRULE:FREQ=DAILY'],
  });
  await api.insert(events, {
    summary: 'offsite',
    start: { date: '2030-01-03' },
    end: { date: '2030-01-05' },
  });
  const offsite = '2030-01-03T00:00:00.000Z offsite';
  await is([offsite, '2030-01-04T10:00:00.000Z stand-up', '2030-01-05T10:00:00.000Z stand-up']);
  await api.patch(`${events}/${id}_20300104T100000Z`, { summary: 'late stand-up', ...at(4, 15) });
  await api.remove(`${events}/${id}_20300105T100000Z`);
  await is([offsite, '2030-01-04T15:00:00.000Z late stand-up']);
  await api.patch(`${events}/${id}_20300104T100000Z`, at(9, 15));
  await is([offsite]);
});

test('messages of the feed match the JSON Schema that they name', async ({ cloud }) => {
  const { user } = await watched(cloud);
  const specs = [
    { user, resource: 'settings' as const },
    { user, resource: 'calendarList' as const },
  ];
  for (const spec of specs) await cloud.processed(await cloud.register(spec));
  await cloud.untilTrue();
  const messages = cloud.feed.messages.map((message) => ({ attributes: message.attributes, data: message }));
  expect(new Set(messages.map(({ data }) => data.resource)).size).toBe(3);
  for (const message of messages) expect(schemaProblem(message)).toBeUndefined();
});
