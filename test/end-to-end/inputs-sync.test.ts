/** Messages, specs and documents that are not as they should be: each is told, and none holds up another. */
import { randomUUID } from 'node:crypto';
import { Timestamp } from '@google-cloud/firestore';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { NAMES } from '../../infra/local/topics.ts';
import type { WatchSpec } from '../../infra/local/watches.ts';
import { eventually } from '../support/cloud.ts';
import { startPipeline, type Pipeline } from '../support/pipeline.ts';

let cloud: Pipeline;

beforeAll(async () => {
  cloud = await startPipeline();
});
afterAll(() => cloud[Symbol.asyncDispose]());

const AT = { start: { dateTime: '2030-01-01T10:00:00Z' }, end: { dateTime: '2030-01-01T11:00:00Z' } };
const PRIMARY = 'calendars/primary/events';
const DeadLetter = z.object({ reason: z.string(), messageId: z.string(), data: z.string() });

const eventsOf = (user: string) => ({ user, resource: 'events', calendarId: user }) satisfies WatchSpec;
const ids = async (spec: WatchSpec): Promise<string[]> => [...(await cloud.mirror(spec)).keys()];

/** What stands on the dead-letters topic about a message. */
const deadLettersOf = (messageId: string) =>
  cloud.feed.deadLetters
    .map(({ attributes, text }) => ({ attributes, letter: DeadLetter.parse(JSON.parse(text)) }))
    .filter(({ letter }) => letter.messageId === messageId);

/** Delivers a message to sync as Pub/Sub pushes it, and hands back the status of the answer. */
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

/** Waits for a watch's status. */
const untilStatus = (watch: string, expected: object) =>
  eventually(async () => {
    const status = await cloud.status(watch);
    expect(status).toMatchObject(expected);
    return status;
  });

/** An active watch with one event in it. */
async function watched() {
  const user = cloud.newUser();
  const spec = eventsOf(user);
  const { id } = await cloud.as(user).insert(PRIMARY, { summary: 'one', ...AT });
  const watch = await cloud.register(spec);
  await eventually(async () => expect(await ids(spec)).toEqual([id]));
  await untilStatus(watch, { state: 'active' });
  return { user, spec, id, watch };
}

describe('a message that can never be understood is acknowledged, and is a dead letter with the reason:', () => {
  const push = { watch: 'watch-1', reason: 'push' };

  test.each<[string, Record<string, string> | undefined, string | undefined, RegExp]>([
    ['no attributes', undefined, '{}', /no attribute "watch"/],
    ['no watch', { reason: 'push' }, '{}', /no attribute "watch"/],
    ['an impossible watch id', { ...push, watch: 'a/b' }, '{}', /impossible watch id/],
    ['an unknown reason', { ...push, reason: 'whim' }, '{}', /no attribute "reason"/],
    ['no reason and no data', { watch: 'watch-1' }, undefined, /no attribute "reason"/],
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
    const { watch, user } = await watched();
    await cloud.firestore.doc(`watches/${watch}`).update({ 'status.state': 'confused' });
    const id = randomUUID();
    expect(await deliver(id, { watch, reason: 'push' }, '{}')).toBe(204);
    await eventually(() => expect(deadLettersOf(id)[0]?.letter.reason).toContain(`watches/${watch}`));
    // Renew says so too, once, and goes on with the others.
    expect(await cloud.renewNow(watch)).toMatchObject({ failed: 1, remaining: 0 });
    expect(await cloud.renew()).toMatchObject({ failed: 0 });
    await cloud.firestore.doc(`watches/${watch}`).update({ 'status.state': 'active' });
    const { id: event } = await cloud.as(user).insert(PRIMARY, { summary: 'after', ...AT });
    await eventually(async () => expect(await ids(eventsOf(user))).toContain(event));
  });
});

describe('a notification', () => {
  test('of a watch that never was is acknowledged, and no dead letter', async () => {
    const id = randomUUID();
    expect(await deliver(id, { watch: 'never-was', reason: 'push' }, '{}')).toBe(204);
    expect(await deliver(id, { watch: 'never-was', reason: 'poll' }, undefined)).toBe(204);
    expect(deadLettersOf(id)).toEqual([]);
  });

  test('of a deleted watch is acknowledged, and its channel stopped', async () => {
    const { user, watch } = await watched();
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

  test('without its data is as good as any', async () => {
    const { watch } = await watched();
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

describe('a spec', () => {
  test('that is invalid pauses its watch and says why; once mended, the watch is active', async () => {
    const user = cloud.newUser();
    const watch = `invalid-${randomUUID()}`;
    const nextDueAt = Timestamp.fromMillis(0);
    await cloud.firestore.doc(`watches/${watch}`).set({ spec: { user, resource: 'tasks' }, nextDueAt });
    await cloud.renew();
    await untilStatus(watch, {
      state: 'paused',
      reason: 'invalidSpec',
      detail: expect.stringContaining('spec.resource'),
    });
    expect(cloud.live(user)).toEqual([]);
    await cloud.watch(watch, eventsOf(user));
    await cloud.renew();
    expect(await untilStatus(watch, { state: 'active' })).not.toHaveProperty('detail');
    expect(cloud.live(user)).toHaveLength(1);
    const { id } = await cloud.as(user).insert(PRIMARY, { summary: 'one', ...AT });
    await eventually(async () => expect(await ids(eventsOf(user))).toEqual([id]));
  });

  test('that becomes invalid is told at the next notification, and what was mirrored stays', async () => {
    const { user, spec, watch, id } = await watched();
    const document = cloud.firestore.doc(`watches/${watch}`);
    await document.update({ 'spec.singleEvents': 'yes' });
    await cloud.as(user).insert(PRIMARY, { summary: 'two', ...AT });
    await untilStatus(watch, {
      state: 'paused',
      reason: 'invalidSpec',
      detail: expect.stringContaining('spec.singleEvents'),
    });
    expect(await ids(spec)).toEqual([id]);
    await document.update({ spec });
    await cloud.renewNow(watch);
    await untilStatus(watch, { state: 'active' });
    await eventually(async () => expect(await ids(spec)).toHaveLength(2));
  });

  test('whose identity was edited pauses its watch; set back, the watch recovers', async () => {
    const { user, spec, watch, id } = await watched();
    await cloud.watch(watch, { user, resource: 'settings' });
    await cloud.renew();
    await untilStatus(watch, {
      state: 'paused',
      reason: 'specChanged',
      detail: expect.stringContaining(user),
    });
    expect(await ids(spec)).toEqual([id]);
    expect(await ids({ user, resource: 'settings' })).toEqual([]);
    const { id: second } = await cloud.as(user).insert(PRIMARY, { summary: 'two', ...AT });
    await cloud.watch(watch, spec);
    await cloud.renew();
    await untilStatus(watch, { state: 'active' });
    await eventually(async () => expect((await ids(spec)).toSorted()).toEqual([id, second].toSorted()));
    await eventually(() => expect(cloud.history(watch).map(({ sequence }) => sequence)).toEqual([1, 2]));
  });

  test.each(['keep', 'purge'] as const)(
    'of a collection that is taken pauses its watch until the first is removed (%s)',
    async (removed) => {
      const { user, spec, watch, id } = await watched();
      const second = `second-${randomUUID()}`;
      await cloud.watch(second, { ...spec, calendarId: 'primary' });
      await cloud.renew();
      await untilStatus(second, {
        state: 'paused',
        reason: 'collectionTaken',
        detail: expect.stringContaining(watch),
      });
      expect(cloud.changes(second)).toEqual([]);
      await cloud.watch(watch, { ...spec, removed });
      await cloud.renew();
      await untilStatus(watch, { state: 'removed' });
      await cloud.renewNow(second);
      await untilStatus(second, { state: 'active' });
      const { id: next } = await cloud.as(user).insert(PRIMARY, { summary: 'two', ...AT });
      await eventually(async () => expect((await ids(spec)).toSorted()).toEqual([id, next].toSorted()));
      await eventually(() => expect(cloud.changes(second).some(({ itemId }) => itemId === next)).toBe(true));
      expect(cloud.live(user)).toHaveLength(1);
    },
  );
});
