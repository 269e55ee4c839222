/** Invalid messages: each is noted, and none delays others. */
import { randomUUID } from 'node:crypto';
import { Timestamp } from '@google-cloud/firestore';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { NAMES } from '../../infra/local/topics.ts';
import { eventually } from '../support/eventually.ts';
import { startPipeline, type Pipeline } from '../support/pipeline.ts';
import { askAbout, AT, eventsOf, PRIMARY } from '../support/watched-events.ts';

let cloud: Pipeline;
let about: ReturnType<typeof askAbout>;

beforeAll(async () => {
  cloud = await startPipeline();
  about = askAbout(cloud);
});
afterAll(() => cloud[Symbol.asyncDispose]());

const DeadLetter = z.object({ reason: z.string(), messageId: z.string(), data: z.string() });

/** Returns the messages on the dead-letters topic about a message. */
const deadLettersOf = (messageId: string) =>
  cloud.feed.deadLetters
    .map(({ attributes, text }) => ({ attributes, letter: DeadLetter.parse(JSON.parse(text)) }))
    .filter(({ letter }) => letter.messageId === messageId);

/** Delivers a message to sync as Pub/Sub pushes it; returns the status of the response. */
async function deliver(
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
const refusedOf = async (watch: string): Promise<unknown> =>
  (await cloud.firestore.doc(`watches/${watch}`).get()).get('status.deadLetter');

describe('a message that is invalid is acknowledged and dead-lettered with the reason:', () => {
  const push = { watch: 'watch-1', reason: 'push' };

  test.each<[string, Record<string, string> | undefined, string | undefined, RegExp]>([
    ['no attributes', undefined, '{}', /no attribute "watch"/],
    ['no watch', { reason: 'push' }, '{}', /no attribute "watch"/],
    ['an invalid watch id', { ...push, watch: 'a/b' }, '{}', /invalid watch id/],
    ['an unknown reason', { ...push, reason: 'whim' }, '{}', /no valid attribute "reason"/],
    ['no reason and no data', { watch: 'watch-1' }, undefined, /no valid attribute "reason"/],
    ['data that is no JSON', push, 'not JSON', /not a JSON object/],
    ['data that is a list', { ...push, reason: 'continue' }, '[]', /continue message is malformed/],
    ['a continue without data', { ...push, reason: 'continue' }, undefined, /continue message is malformed/],
  ])('%s', async (_, attributes, data, reason) => {
    const delivered = randomUUID();
    expect(await deliver(delivered, attributes, data)).toBe(204);
    const message = {
      ...(attributes && { attributes }),
      ...(data !== undefined && { data: Buffer.from(data) }),
    };
    const published = await cloud.pubsub.topic(NAMES.notifications).publishMessage(message);
    for (const id of [delivered, published]) {
      const [found] = await eventually(() => {
        const letters = deadLettersOf(id);
        expect(letters).toHaveLength(1);
        return letters;
      });
      expect(found?.letter.reason).toMatch(reason);
      expect(found?.attributes['reason']).toMatch(reason);
      expect(found?.letter.data).toBe(data ?? '');
    }
  });

  test('the status of its watch cannot be read', async () => {
    const { watch, user } = await about.watched();
    await cloud.firestore.doc(`watches/${watch}`).update({ 'status.state': 'confused' });
    const id = randomUUID();
    expect(await deliver(id, { watch, reason: 'push' }, '{}')).toBe(204);
    await eventually(() => expect(deadLettersOf(id)[0]?.letter.reason).toContain(`watches/${watch}`));
    const { deadLetter } = (await cloud.firestore.doc(`watches/${watch}`).get()).get('status');
    expect(deadLetter).toMatchObject({ messageId: id, reason: expect.stringContaining('status.state') });
    // Renew logs it too, once, and continues with the other watches.
    expect(await cloud.renewNow(watch)).toMatchObject({ failed: 1, remaining: 0 });
    expect(await cloud.renew()).toMatchObject({ failed: 0 });
    await cloud.firestore.doc(`watches/${watch}`).update({ 'status.state': 'active' });
    const { id: event } = await cloud.as(user).insert(PRIMARY, { summary: 'after', ...AT });
    await eventually(async () => expect(await about.ids(eventsOf(user))).toContain(event));
  });
});

describe('a message that is dead-lettered', () => {
  test('is in the status of its watch with the reason but not its content, until the next one', async () => {
    const { user, spec, watch, id: one } = await about.watched();
    const first = randomUUID();
    expect(await deliver(first, { watch, reason: 'whim', secret: 'hush' }, '{"summary":"hush"}')).toBe(204);
    const expected = { reason: expect.stringContaining('"reason"'), messageId: first };
    expect(await refusedOf(watch)).toEqual({ ...expected, at: expect.any(Timestamp) });

    // Neither later syncs nor renew remove it.
    const { id: two } = await cloud.as(user).insert(PRIMARY, { summary: 'two', ...AT });
    await eventually(async () => expect((await about.ids(spec)).toSorted()).toEqual([one, two].toSorted()));
    await cloud.renewNow(watch);
    await cloud.processed(watch);
    expect(await refusedOf(watch)).toMatchObject(expected);
    expect(await cloud.status(watch)).toMatchObject({ state: 'active', sync: { sequence: 2 } });

    const second = randomUUID();
    expect(await deliver(second, { watch, reason: 'continue' }, '{"position":"hush"}')).toBe(204);
    expect(await refusedOf(watch)).toMatchObject({ messageId: second });
    const status: unknown = (await cloud.firestore.doc(`watches/${watch}`).get()).get('status');
    expect(JSON.stringify(status)).not.toContain('hush');
    const told = cloud.logs.filter(({ fields }) => fields['messageId'] === second);
    expect(told).toHaveLength(1);
    expect(JSON.stringify(told)).not.toContain('hush');
  });

  test('is noted on a new watch, which then starts as any other', async () => {
    const user = cloud.newUser();
    const { id } = await cloud.as(user).insert(PRIMARY, { summary: 'one', ...AT });
    const watch = `new-${randomUUID()}`;
    await cloud.watch(watch, eventsOf(user));
    expect(await deliver(randomUUID(), { watch, reason: 'whim' }, '{}')).toBe(204);
    expect(await refusedOf(watch)).toBeDefined();
    await cloud.renew();
    await about.untilStatus(watch, { state: 'active' });
    await eventually(async () => expect(await about.ids(eventsOf(user))).toEqual([id]));
  });

  test('makes no document for a watch that does not exist', async () => {
    const [id, watch] = [randomUUID(), `unknown-${randomUUID()}`];
    expect(await deliver(id, { watch, reason: 'whim' }, '{}')).toBe(204);
    await eventually(() => expect(deadLettersOf(id)).toHaveLength(1));
    expect((await cloud.firestore.doc(`watches/${watch}`).get()).exists).toBe(false);
  });

  test('leaves a status that is not a map as it is, as its watch would otherwise number from 1 again', async () => {
    const { watch } = await about.watched();
    const document = cloud.firestore.doc(`watches/${watch}`);
    const status: unknown = (await document.get()).get('status');
    await document.update({ status: 'confused' });
    const id = randomUUID();
    expect(await deliver(id, { watch, reason: 'push' }, '{}')).toBe(204);
    await eventually(() => expect(deadLettersOf(id)).toHaveLength(1));
    expect((await document.get()).get('status')).toBe('confused');
    await document.update({ status });
  });
});

describe('a notification', () => {
  test('of an unknown watch is acknowledged, and not dead-lettered', async () => {
    const id = randomUUID();
    expect(await deliver(id, { watch: 'never-was', reason: 'push' }, '{}')).toBe(204);
    expect(await deliver(id, { watch: 'never-was', reason: 'poll' }, undefined)).toBe(204);
    expect(deadLettersOf(id)).toEqual([]);
  });

  test('of a deleted watch is acknowledged, and its channel stopped', async () => {
    const { user, watch } = await about.watched();
    await cloud.firestore.doc(`watches/${watch}`).delete();
    const [channel] = cloud.live(user);
    await cloud.as(user).insert(PRIMARY, { summary: 'two', ...AT });
    await cloud.calendar.settle();
    const document = cloud.firestore.doc(`channels/${channel?.id ?? ''}`);
    await eventually(async () => expect((await document.get()).get('state')).toBe('unwanted'));
    expect(await cloud.renew()).toMatchObject({ stopped: 1 });
    expect(cloud.live(user)).toEqual([]);
    expect((await document.get()).exists).toBe(false);
  });

  test('without its data is handled as any other', async () => {
    const { watch } = await about.watched();
    const before = cloud.logs.length;
    expect(await deliver(randomUUID(), { watch, reason: 'push' }, undefined)).toBe(204);
    await eventually(() =>
      expect(
        cloud.logs
          .slice(before)
          .some(({ message, fields }) => message === 'synced' && fields['watch'] === watch),
      ).toBe(true),
    );
  });
});
