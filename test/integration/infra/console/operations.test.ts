/** What an operator does in the console of a cloud on this machine. */
import { randomUUID } from 'node:crypto';
import { describe, expect } from 'vitest';
import * as z from 'zod';
import { requestMessage } from '../../../../functions/feed/notification.ts';
import { NAMES } from '../../../../infra/local/topics.ts';
import { cloudTest } from '../../../support/cloud-test.ts';
import { localConsole } from '../../../support/console/local-console.ts';
import { eventually } from '../../../support/eventually.ts';
import type { Pipeline } from '../../../support/pipeline.ts';
import { PRIMARY, watchedEvents } from '../../../support/watched-events.ts';

const test = cloudTest().extend('page', { scope: 'file' }, async ({ cloud }, { onCleanup }) => {
  const page = await localConsole(cloud);
  onCleanup(() => page[Symbol.asyncDispose]());
  return page;
});

/** Publishes a notification, and waits until sync has dead-lettered it. */
async function publishDeadLetter(
  cloud: Pipeline,
  message: { readonly attributes: Record<string, string>; readonly data: Buffer },
): Promise<void> {
  const before = cloud.feed.deadLetters.length;
  await cloud.pubsub.topic(NAMES.notifications).publishMessage(message);
  await eventually(() => expect(cloud.feed.deadLetters).toHaveLength(before + 1));
}

const manualSync = (watchId: string) =>
  requestMessage({ reason: 'manual', watchId, full: true }, randomUUID(), new Date().toISOString());

describe('dead letters', () => {
  test('are listed, shown, replayed and purged by what they name', async ({ cloud, page }) => {
    expect(await page.get('/api/dead-letters')).toMatchObject({
      status: 200,
      body: { letters: [], more: false, orphaned: null, subscription: NAMES.deadLettersReader },
    });
    const { watch } = await watchedEvents(cloud);
    await cloud.firestore.doc(`watches/${watch}`).update({ 'status.state': 'confused' });
    await publishDeadLetter(cloud, manualSync(watch));
    await publishDeadLetter(cloud, {
      attributes: { watch: 'not an id', reason: 'poll' },
      data: Buffer.from('{}'),
    });

    const [letter, invalid] = await lettersOf(page);
    expect(letter).toMatchObject({
      watch,
      watchIsGone: false,
      notification: 'manual',
      reason: expect.stringContaining('invalid status'),
      problem: null,
    });
    expect(invalid).toMatchObject({
      watch: 'not an id',
      problem: expect.stringContaining('invalid watch id'),
    });
    expect(await page.get(`/api/dead-letters/${String(invalid?.['id'])}`)).toEqual({
      status: 200,
      body: { attributes: { watch: 'not an id', reason: 'poll' }, text: '{}' },
    });
    expect(await page.get('/api/dead-letters/1')).toMatchObject({ status: 404 });

    await cloud.firestore.doc(`watches/${watch}`).update({ 'status.state': 'active' });
    expect(await page.post('/api/dead-letters/replay', { ids: [] })).toEqual({
      status: 200,
      body: {
        replayed: [letter?.['id']],
        left: [{ id: invalid?.['id'], problem: invalid?.['problem'] }],
        command: 'calendar-mirror dead-letters replay',
      },
    });
    await eventually(() =>
      expect(
        cloud.logs.map(({ message, fields }) => [message, fields['watch'], fields['kind']]),
      ).toContainEqual(['synced', watch, 'full']),
    );
    expect(await page.post('/api/dead-letters/purge', { ids: [letter?.['id']] })).toEqual({
      status: 409,
      body: {
        error: `no dead letter has the id ${String(letter?.['id'])}: run calendar-mirror dead-letters list`,
      },
    });
    expect(await page.post('/api/dead-letters/purge', { ids: [invalid?.['id']] })).toEqual({
      status: 200,
      body: {
        purged: [invalid?.['id']],
        command: `calendar-mirror dead-letters purge ${String(invalid?.['id'])}`,
      },
    });
    expect(await lettersOf(page)).toEqual([]);
  });

  test('of a deleted watch come with the command that deletes them', async ({ cloud, page }) => {
    const id = `deleted-${randomUUID()}`;
    await cloud.firestore.doc(`watches/${id}`).set({ status: { state: 'confused' } });
    await publishDeadLetter(cloud, manualSync(id));
    await cloud.firestore.doc(`watches/${id}`).delete();
    const { body } = await page.get('/api/dead-letters');
    expect(body).toMatchObject({
      letters: [{ watch: id, watchIsGone: true }],
      orphaned: {
        problem: '1 names a watch that no longer exists',
        fix: expect.stringMatching(/^calendar-mirror dead-letters purge \d+$/),
      },
    });
    await page.post('/api/dead-letters/purge', { ids: [] });
    expect(await lettersOf(page)).toEqual([]);
  });

  test('that are named wrongly are rejected', async ({ page }) => {
    expect(await page.post('/api/dead-letters/purge', {})).toMatchObject({ status: 400 });
    expect(await page.post('/api/dead-letters/replay', { ids: [1] })).toMatchObject({ status: 400 });
  });
});

describe('subscriptions', () => {
  test('of the feed are listed, and their backlogs are not known on emulators', async ({ cloud, page }) => {
    await cloud.pubsub
      .topic(NAMES.clock)
      .createSubscription('moments', { filter: 'attributes.moment = "start"', enableMessageOrdering: true });
    const { status, body } = await page.get('/api/subscriptions');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      subscriptions: expect.arrayContaining([
        expect.objectContaining({
          name: NAMES.changesReader,
          topic: NAMES.changes,
          push: null,
          filter: null,
          isOrdered: true,
          backlog: null,
          warnings: [expect.objectContaining({ says: expect.stringMatching(/^has no dead-letter topic/) })],
        }),
        expect.objectContaining({
          name: 'moments',
          topic: NAMES.clock,
          filter: 'attributes.moment = "start"',
        }),
      ]),
      notKnown: { because: 'the emulators have no Cloud Monitoring', fix: null },
    });
  });
});

describe('charts', () => {
  test('have what the console has seen: latencies, changes, calls, channels and moments', async ({
    cloud,
    page,
  }) => {
    const { user, watch } = await watchedEvents(cloud);
    const start = Date.now() + 3_600_000;
    await cloud.firestore.doc(`watches/${watch}`).update({ 'spec.clock': ['-PT10M', 'start'] });
    await cloud.as(user).insert(PRIMARY, {
      summary: 'Lunch',
      start: { dateTime: new Date(start).toISOString() },
      end: { dateTime: new Date(start + 3_600_000).toISOString() },
    });
    await page.message(
      'the change',
      ({ type, entry }) => type === 'change' && JSON.stringify(entry).includes('Lunch'),
    );
    await page.message(
      'the clock',
      ({ type, changed }) => type === 'watches' && JSON.stringify(changed).includes('"clock":true'),
    );
    const charts = await chartsOf(page);
    const sums = Object.fromEntries(
      [...charts].map(([id, { series }]) => [
        id,
        series.map(({ values }) => values.reduce<number>((sum, value) => sum + (value ?? 0), 0)),
      ]),
    );
    expect(sums['latency']?.every((value) => value > 0)).toBe(true);
    expect(sums['changes']?.[0]).toBeGreaterThan(0);
    expect(sums['calls']?.[0]).toBeGreaterThan(3);
    expect(sums['channels']?.[0]).toBeGreaterThan(0);
    expect(sums['moments']).toEqual([2]);
    expect([...charts.values()].map(({ notKnown }) => notKnown)).toEqual([null, null, null, null, null]);
    expect(charts.get('calls')?.note).toContain('of the 1,000,000 that Google allows a day');
  });

  test('of no time are rejected', async ({ page }) => {
    expect(await page.get('/api/charts?minutes=0')).toMatchObject({ status: 400 });
  });
});

const request = (watch: string, topic: string) => ({ watch, topic, force: false });

describe('a replay', () => {
  test('publishes the items of a watch to a topic, and tells when it is done', async ({ cloud, page }) => {
    const { watch } = await watchedEvents(cloud);
    const topic = `consumer-${randomUUID()}`;
    const [created] = await cloud.pubsub.createTopic(topic);
    const [subscription] = await created.createSubscription(`${topic}-reader`);
    const received: string[] = [];
    subscription.on('message', (message) => {
      message.ack();
      received.push(`${message.attributes['ce-type'] ?? ''} ${message.attributes['replay'] ?? ''}`);
    });
    const started = await page.post('/api/replay', request(watch, topic));
    expect(started).toMatchObject({
      status: 200,
      body: { command: `calendar-mirror replay ${watch} --topic ${topic}` },
    });
    const replay = await endOf(page);
    expect(replay).toMatchObject({
      state: 'done',
      watch,
      topic,
      watches: 1,
      done: 1,
      items: 1,
      of: 1,
      problems: [],
    });
    await eventually(() =>
      expect(received.toSorted()).toEqual([
        `calendar.events.snapshot ${replay.id}`,
        `calendar.replay.ended ${replay.id}`,
      ]),
    );
    await subscription.close();
  });

  test('is rejected without a topic of its own', async ({ cloud, page }) => {
    const { watch } = await watchedEvents(cloud);
    for (const [body, status, error] of [
      [request(watch, 'nowhere'), 409, 'the topic nowhere does not exist'],
      [request(watch, NAMES.changes), 409, 'carries the live changes'],
      [request(watch, 'a b'), 409, 'not a valid topic name'],
      [request('unknown', 'nowhere'), 404, 'watch "unknown" not found'],
      [{ watch }, 400, 'topic'],
    ] as const) {
      expect(await page.post('/api/replay', body)).toMatchObject({
        status,
        body: { error: expect.stringContaining(error) },
      });
    }
  });
});

const Replay = z.object({ replay: z.looseObject({ id: z.string(), state: z.string() }) });

/** Waits for the end of the latest replay. */
const endOf = (page: { get: (path: string) => Promise<{ body: unknown }> }) =>
  eventually(async () => {
    const { replay } = Replay.parse((await page.get('/api/replay')).body);
    expect(replay.state).not.toBe('running');
    return replay;
  });

const Charts = z.object({
  charts: z.array(
    z.looseObject({
      id: z.string(),
      note: z.string(),
      notKnown: z.unknown(),
      series: z.array(z.object({ values: z.array(z.number().nullable()) })),
    }),
  ),
});

const chartsOf = async (page: { get: (path: string) => Promise<{ body: unknown }> }) =>
  new Map(
    Charts.parse((await page.get('/api/charts?minutes=60')).body).charts.map((chart) => [chart.id, chart]),
  );

const Letters = z.object({ letters: z.array(z.record(z.string(), z.unknown())) });

const lettersOf = async (page: { get: (path: string) => Promise<{ body: unknown }> }) =>
  Letters.parse((await page.get('/api/dead-letters')).body).letters;
