/** Invalid messages: each is noted, and none delays others. */
import { randomUUID } from 'node:crypto';
import { Timestamp } from '@google-cloud/firestore';
import { describe, expect } from 'vitest';
import * as z from 'zod';
import { NAMES } from '../../infra/local/topics.ts';
import { cloudTest } from '../support/cloud-test.ts';
import { eventually } from '../support/eventually.ts';
import type { Pipeline } from '../support/pipeline.ts';
import {
  eventsOf,
  fieldOf,
  insertEvent,
  mirroredIds,
  untilStatus,
  watchedEvents,
} from '../support/watched-events.ts';

const test = cloudTest();

const DeadLetter = z.object({ reason: z.string(), messageId: z.string(), data: z.string() });

/** Returns the messages on the dead-letters topic about a message. */
const deadLettersOf = (cloud: Pipeline, messageId: string) =>
  cloud.feed.deadLetters
    .map(({ attributes, text }) => ({ attributes, letter: DeadLetter.parse(JSON.parse(text)) }))
    .filter(({ letter }) => letter.messageId === messageId);

/** Delivers a message to sync as Pub/Sub pushes it; returns the status of the response. */
async function deliver(
  cloud: Pipeline,
  messageId: string,
  attributes: object | undefined,
  data: string | undefined,
): Promise<number> {
  const message = {
    messageId,
    publishTime: new Date().toISOString(),
    ...(attributes && { attributes }),
    ...(data !== undefined && { data: Buffer.from(data).toString('base64') }),
  };
  const answer = await fetch(`${cloud.urls.sync}/projects/p/topics/${NAMES.notifications}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ message, subscription: 'projects/p/subscriptions/calendar-sync' }),
  });
  return answer.status;
}

/** Returns the latest dead-lettered message in a watch's status. */
const refusedOf = (cloud: Pipeline, watch: string) => fieldOf(cloud, watch, 'status.deadLetter');

describe('a message that is invalid is acknowledged and dead-lettered with the reason:', () => {
  const push = { watch: 'watch-1', reason: 'push' };

  test.for<[string, Record<string, string> | undefined, string | undefined, RegExp]>([
    ['no attributes', undefined, '{}', /no attribute "watch"/],
    ['no watch', { reason: 'push' }, '{}', /no attribute "watch"/],
    ['an invalid watch id', { ...push, watch: 'a/b' }, '{}', /invalid watch id/],
    ['an unknown reason', { ...push, reason: 'whim' }, '{}', /no valid attribute "reason"/],
    ['no reason and no data', { watch: 'watch-1' }, undefined, /no valid attribute "reason"/],
    ['data that is not JSON', push, 'not JSON', /not a JSON object/],
    ['data that is a list', { ...push, reason: 'continue' }, '[]', /continue message is malformed/],
    ['a continue without data', { ...push, reason: 'continue' }, undefined, /continue message is malformed/],
  ])('%s', async ([, attributes, data, reason], { cloud }) => {
    const delivered = randomUUID();
    expect(await deliver(cloud, delivered, attributes, data)).toBe(204);
    const message = {
      ...(attributes && { attributes }),
      ...(data !== undefined && { data: Buffer.from(data) }),
    };
    const published = await cloud.pubsub.topic(NAMES.notifications).publishMessage(message);
    for (const id of [delivered, published]) {
      const [found] = await eventually(() => {
        const letters = deadLettersOf(cloud, id);
        expect(letters).toHaveLength(1);
        return letters;
      });
      expect(found?.letter.reason).toMatch(reason);
      expect(found?.attributes['reason']).toMatch(reason);
      expect(found?.letter.data).toBe(data ?? '');
    }
  });

  test('the status of its watch cannot be read', async ({ cloud }) => {
    const { watch, user } = await watchedEvents(cloud);
    await cloud.firestore.doc(`watches/${watch}`).update({ 'status.state': 'confused' });
    const id = randomUUID();
    expect(await deliver(cloud, id, { watch, reason: 'push' }, '{}')).toBe(204);
    await eventually(() => expect(deadLettersOf(cloud, id)[0]?.letter.reason).toContain(`watches/${watch}`));
    const { deadLetter } = (await cloud.firestore.doc(`watches/${watch}`).get()).get('status');
    expect(deadLetter).toMatchObject({ messageId: id, reason: expect.stringContaining('status.state') });
    // Renew logs it too, once, and continues with the other watches.
    expect(await cloud.renewNow(watch)).toMatchObject({ failed: 1, remaining: 0 });
    expect(await cloud.renew()).toMatchObject({ failed: 0 });
    await cloud.firestore.doc(`watches/${watch}`).update({ 'status.state': 'active' });
    const event = await insertEvent(cloud, user, 'after');
    await eventually(async () => expect(await mirroredIds(cloud, eventsOf(user))).toContain(event));
  });
});

describe('a message that is dead-lettered', () => {
  test('is in the status of its watch with the reason but not its content, until the next one', async ({
    cloud,
  }) => {
    const { user, spec, watch, id: one } = await watchedEvents(cloud);
    const first = randomUUID();
    expect(await deliver(cloud, first, { watch, reason: 'whim', secret: 'hush' }, '{"summary":"hush"}')).toBe(
      204,
    );
    const expected = { reason: expect.stringContaining('"reason"'), messageId: first };
    expect(await refusedOf(cloud, watch)).toEqual({ ...expected, at: expect.any(Timestamp) });

    // Neither later syncs nor renew remove it.
    const two = await insertEvent(cloud, user, 'two');
    await eventually(async () =>
      expect((await mirroredIds(cloud, spec)).toSorted()).toEqual([one, two].toSorted()),
    );
    await cloud.renewNow(watch);
    await cloud.processed(watch);
    expect(await refusedOf(cloud, watch)).toMatchObject(expected);
    expect(await cloud.status(watch)).toMatchObject({ state: 'active', sync: { sequence: 2 } });

    const second = randomUUID();
    expect(await deliver(cloud, second, { watch, reason: 'continue' }, '{"position":"hush"}')).toBe(204);
    expect(await refusedOf(cloud, watch)).toMatchObject({ messageId: second });
    const status: unknown = (await cloud.firestore.doc(`watches/${watch}`).get()).get('status');
    expect(JSON.stringify(status)).not.toContain('hush');
    const told = cloud.logs.filter(({ fields }) => fields['messageId'] === second);
    expect(told).toHaveLength(1);
    expect(JSON.stringify(told)).not.toContain('hush');
  });

  test('is noted on a new watch, which then starts as any other', async ({ cloud }) => {
    const user = cloud.newUser();
    const id = await insertEvent(cloud, user, 'one');
    const watch = `new-${randomUUID()}`;
    await cloud.watch(watch, eventsOf(user));
    expect(await deliver(cloud, randomUUID(), { watch, reason: 'whim' }, '{}')).toBe(204);
    expect(await refusedOf(cloud, watch)).toBeDefined();
    await cloud.renew();
    await untilStatus(cloud, watch, { state: 'active' });
    await eventually(async () => expect(await mirroredIds(cloud, eventsOf(user))).toEqual([id]));
  });

  test('makes no document for a watch that does not exist', async ({ cloud }) => {
    const [id, watch] = [randomUUID(), `unknown-${randomUUID()}`];
    expect(await deliver(cloud, id, { watch, reason: 'whim' }, '{}')).toBe(204);
    await eventually(() => expect(deadLettersOf(cloud, id)).toHaveLength(1));
    expect((await cloud.firestore.doc(`watches/${watch}`).get()).exists).toBe(false);
  });

  test('leaves a status that is not a map as it is, as its watch would otherwise number from 1 again', async ({
    cloud,
  }) => {
    const { watch } = await watchedEvents(cloud);
    const document = cloud.firestore.doc(`watches/${watch}`);
    const status: unknown = (await document.get()).get('status');
    await document.update({ status: 'confused' });
    const id = randomUUID();
    expect(await deliver(cloud, id, { watch, reason: 'push' }, '{}')).toBe(204);
    await eventually(() => expect(deadLettersOf(cloud, id)).toHaveLength(1));
    expect((await document.get()).get('status')).toBe('confused');
    await document.update({ status });
  });
});

describe('a notification', () => {
  test('of an unknown watch is acknowledged, and not dead-lettered', async ({ cloud }) => {
    const id = randomUUID();
    expect(await deliver(cloud, id, { watch: 'never-was', reason: 'push' }, '{}')).toBe(204);
    expect(await deliver(cloud, id, { watch: 'never-was', reason: 'poll' }, undefined)).toBe(204);
    expect(deadLettersOf(cloud, id)).toEqual([]);
  });

  test('of a deleted watch is acknowledged, and its channel stopped', async ({ cloud }) => {
    const { user, watch } = await watchedEvents(cloud);
    await cloud.firestore.doc(`watches/${watch}`).delete();
    const [channel] = cloud.live(user);
    await insertEvent(cloud, user, 'two');
    await cloud.calendar.settle();
    const document = cloud.firestore.doc(`channels/${channel?.id ?? ''}`);
    await eventually(async () => expect((await document.get()).get('state')).toBe('unwanted'));
    expect(await cloud.renew()).toMatchObject({ stopped: 1 });
    expect(cloud.live(user)).toEqual([]);
    expect((await document.get()).exists).toBe(false);
  });

  test('without its data is handled as any other', async ({ cloud }) => {
    const { watch } = await watchedEvents(cloud);
    const before = cloud.logs.length;
    expect(await deliver(cloud, randomUUID(), { watch, reason: 'push' }, undefined)).toBe(204);
    await eventually(() =>
      expect(
        cloud.logs
          .slice(before)
          .some(({ message, fields }) => message === 'synced' && fields['watch'] === watch),
      ).toBe(true),
    );
  });
});
