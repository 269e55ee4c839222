/** The example consumers hold what is mirrored, whatever happens to them and to their messages. */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { compareItems, listItems } from '../../../infra/local/verify-mirror.ts';
import { changeMessage } from '../../../functions/feed/change.ts';
import { NAMES } from '../../../infra/local/topics.ts';
import { cloudTest } from '../../support/cloud-test.ts';
import { eventually } from '../../support/eventually.ts';
import { collectionOf, type Pipeline } from '../../support/pipeline.ts';
import { sampleChange } from '../../support/sample-change.ts';
import { AT, eventsOf, insertEvent, PRIMARY } from '../../support/watched-events.ts';
import { createConsumer, type Consumer } from './consumer.ts';
import { INSTALLING, LANGUAGES, type Command, type Language } from './languages.ts';

const test = cloudTest().extend('programs', { scope: 'file' }, async ({}, { onCleanup }) => {
  const folder = await mkdtemp(join(tmpdir(), 'calendar-mirror-consumers-'));
  onCleanup(() => rm(folder, { recursive: true }));
  const installed = new Map<Language, Promise<Command>>();
  return {
    /** Installs an example once. */
    install: (language: Language): Promise<Command> => {
      const command = installed.get(language) ?? language.install(join(folder, language.name));
      installed.set(language, command);
      return command;
    },
  };
});

interface FollowedOptions {
  readonly language: Language;
  readonly command: Command;
  readonly patienceSeconds: number;
}

/** Subscribes a consumer, and then creates a user whose events it follows. */
async function followed(cloud: Pipeline, { language, command, patienceSeconds }: FollowedOptions) {
  const { ordered } = language;
  const name = `consumer-${randomUUID()}`;
  const consumer = await createConsumer(cloud, { name, command, ordered, patienceSeconds });
  const user = cloud.newUser();
  const api = cloud.as(user);
  const spec = eventsOf(user);
  const { id: series } = await api.insert(PRIMARY, {
    summary: 'daily',
    start: { ...AT.start, timeZone: 'UTC' },
    end: { ...AT.end, timeZone: 'UTC' },
    recurrence: ['RRULE:FREQ=DAILY;COUNT=9'],
  });
  const ids = await Promise.all(Array.from({ length: 8 }, () => insertEvent(cloud, user)));
  const watch = await cloud.register(spec);
  return { consumer, user, spec, api, series, ids, watch };
}

type Followed = Awaited<ReturnType<typeof followed>>;

/** Makes edits of every kind. */
async function edit({ api, ids, series }: Followed, day: number): Promise<void> {
  const { id: passing } = await api.insert(PRIMARY, { summary: 'passing', ...AT });
  for (const id of ids) await api.patch(`${PRIMARY}/${id}`, { summary: `on day ${String(day)}` });
  await api.remove(`${PRIMARY}/${passing}`);
  await api.remove(`${PRIMARY}/${series}_2030010${String(day)}T100000Z`);
  ids.push((await api.insert(PRIMARY, { summary: 'later', ...AT })).id);
  await api.remove(`${PRIMARY}/${ids.shift() ?? ''}`);
}

/** Waits until the consumer's copy, the mirror and the calendar are equal, and no number is missing. */
async function untilEqual(cloud: Pipeline, { consumer, spec, watch }: Followed): Promise<void> {
  await cloud.processed(watch);
  await eventually(async () => {
    const mirror = await cloud.mirror(spec);
    const listed = await listItems(cloud.urls.calendar, spec);
    expect(compareItems(listed, [...mirror.values()])).toEqual([]);
    const { items, watches } = await consumer.copy();
    const held = Object.entries(items).filter(
      ([subject, { item }]) => subject.startsWith(`${collectionOf(spec)}/`) && item !== null,
    );
    const mirrored = [...mirror.values()].map(
      ({ path, data, sequence }) => [path, { watch, sequence, item: data }] as const,
    );
    expect(Object.fromEntries(held)).toEqual(Object.fromEntries(mirrored));
    const { sync } = await cloud.status(watch);
    expect(watches[watch]).toMatchObject({ upTo: sync?.sequence, ahead: [] });
  });
}

/**
 * Publishes every change of a watch once more, the latest first, and in each of their streams a last message. Returns a check whether the
 * consumer has had these, which are about items of no watch.
 */
async function repeatAll(cloud: Pipeline, { watch, consumer }: Followed): Promise<() => Promise<void>> {
  const topic = cloud.pubsub.topic(NAMES.changes, { messageOrdering: true });
  const messages = cloud.history(watch).toReversed();
  const markers = [...new Set(messages.map(({ orderingKey }) => orderingKey))].map((orderingKey, index) => {
    const change = { ...sampleChange(null, {}), watchId: `after-${watch}`, sequence: index + 1 };
    return { ...changeMessage(change, `after/${orderingKey}`), orderingKey };
  });
  const repeated = messages.map(({ attributes, orderingKey, ...change }) => ({
    attributes,
    orderingKey,
    data: Buffer.from(JSON.stringify(change)),
  }));
  await Promise.all([...repeated, ...markers].map((message) => topic.publishMessage(message)));
  return async () => {
    const { items } = await consumer.copy();
    for (const { orderingKey } of markers) expect(items).toHaveProperty([`after/${orderingKey}`]);
  };
}

const refusals = ({ lines }: Consumer): number => lines.filter((line) => line.includes('refused')).length;

describe('the consumer in', () => {
  test.concurrent.for(LANGUAGES)(
    '$name holds the mirror after refusals, doubles, crashes and a replay amid edits',
    INSTALLING,
    async (language, { cloud, cli, programs, skip }) => {
      const missing = language.missing();
      skip(missing !== '', missing);
      const command = await programs.install(language);
      const world = await followed(cloud, { language, command, patienceSeconds: 600 });
      await using consumer = world.consumer;
      await consumer.start();
      await untilEqual(cloud, world);
      {
        await using _ = await consumer.refusing();
        await edit(world, 1);
        await eventually(() => expect(refusals(consumer)).toBeGreaterThan(2));
      }
      await untilEqual(cloud, world);

      const topic = await consumer.addTopic();
      const edits = edit(world, 2).then(() => edit(world, 3));
      await consumer.kill();
      const replay = cli.run('replay', world.watch, '--topic', topic);
      await consumer.start();
      await edits;
      expect((await replay).code).toBe(0);
      await untilEqual(cloud, world);

      await consumer.kill();
      const hasHadAll = await repeatAll(cloud, world);
      await consumer.start();
      await eventually(hasHadAll);
      await untilEqual(cloud, world);
    },
  );

  test.concurrent.for(LANGUAGES)(
    '$name sees that a day of messages is lost, and holds the mirror after the documented steps',
    INSTALLING,
    async (language, { cloud, cli, programs, skip }) => {
      const missing = language.missing();
      skip(missing !== '', missing);
      const command = await programs.install(language);
      const world = await followed(cloud, { language, command, patienceSeconds: 1 });
      const { user, watch } = world;
      await using consumer = world.consumer;
      await consumer.start();
      await untilEqual(cloud, world);
      const topic = await consumer.addTopic();

      // What shows the loss: the next change, or the last number in a message about the watch.
      const shown = [() => insertEvent(cloud, user), () => cli.run('sync', watch, '--full')];
      for (const [index, show] of shown.entries()) {
        const stale = await consumer.copy();
        const known = stale.watches[watch]?.upTo;
        await consumer.kill();
        await consumer.unsubscribe();
        await edit(world, 2 * index + 1);
        await cloud.processed(watch);
        await consumer.subscribeAgain();
        await consumer.start();
        await show();
        const hole = `changes of ${watch} after ${String(known)} are missing: replay it`;
        await eventually(() => expect(consumer.lines).toContainEqual(expect.stringContaining(hole)));

        expect((await cli.run('replay', watch, '--topic', topic)).code).toBe(0);
        await edit(world, 2 * index + 2);
        await untilEqual(cloud, world);
        // Otherwise nothing was lost that only the end of the replay can tell.
        const { items } = await consumer.copy();
        expect(Object.keys(stale.items).filter((subject) => !(subject in items))).not.toEqual([]);
      }
    },
  );
});
