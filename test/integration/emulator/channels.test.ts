import { describe, expect, test } from 'vitest';
import { refusal } from '../../support/emulator/client.ts';
import { ADA, BOB, emulatedForEachTest } from '../../support/emulator/emulated.ts';
import type { Emulated } from '../../support/emulator/emulated.ts';

const start = emulatedForEachTest();

const WEEK_MS = 604_800_000;
const tomorrow = { start: { date: '2030-01-01' }, end: { date: '2030-01-02' } };

describe('every resource can be watched', () => {
  test.each([
    [
      'events',
      ({ ada, channel }: Emulated) => ada.events.watch({ calendarId: 'primary', requestBody: channel() }),
      ({ ada }: Emulated) =>
        ada.events.insert({ calendarId: ADA, requestBody: { summary: 'Lunch', ...tomorrow } }),
      '/calendar/v3/calendars/primary/events?alt=json',
    ],
    [
      'acl',
      ({ ada, channel }: Emulated) => ada.acl.watch({ calendarId: ADA, requestBody: channel() }),
      ({ ada }: Emulated) =>
        ada.acl.insert({
          calendarId: 'primary',
          requestBody: { role: 'reader', scope: { type: 'user', value: BOB } },
        }),
      '/calendar/v3/calendars/ada@example.com/acl?alt=json',
    ],
    [
      'calendarList',
      ({ ada, channel }: Emulated) => ada.calendarList.watch({ requestBody: channel() }),
      ({ ada }: Emulated) => ada.calendars.insert({ requestBody: { summary: 'Team' } }),
      '/calendar/v3/users/me/calendarList?alt=json',
    ],
    [
      'settings',
      ({ ada, channel }: Emulated) => ada.settings.watch({ requestBody: channel() }),
      async ({ changeSettings }: Emulated) => changeSettings(),
      '/calendar/v3/users/me/settings?alt=json',
    ],
  ])('%s: a sync message, then one for a change', async (_resource, watch, change, resourcePath) => {
    const emulated = await start();
    const { data } = await watch(emulated);
    await emulated.emulator.settle();
    await change(emulated);
    await emulated.emulator.settle();
    expect(data).toMatchObject({
      kind: 'api#channel',
      id: 'channel-1',
      resourceUri: emulated.emulator.url + resourcePath,
    });
    expect(emulated.receiver.received.map(({ state }) => state)).toEqual(['sync', 'exists']);
    for (const { headers } of emulated.receiver.received) {
      expect(headers['x-goog-resource-id']).toBe(data.resourceId);
      expect(headers['x-goog-resource-uri']).toBe(data.resourceUri);
    }
  });
});

describe('a notification', () => {
  test('carries the documented headers and no body', async () => {
    const { ada, channel, receiver, emulator } = await start();
    const { data } = await ada.settings.watch({ requestBody: channel({ token: 'a=1&b=2' }) });
    await emulator.settle();
    const [sync] = receiver.received;
    expect(sync).toMatchObject({
      method: 'POST',
      body: '',
      state: 'sync',
      number: 1,
      channelId: 'channel-1',
    });
    expect(sync?.headers).toMatchObject({
      'content-length': '0',
      'x-goog-channel-token': 'a=1&b=2',
      'x-goog-channel-expiration': new Date(Number(data.expiration)).toUTCString(),
    });
  });

  test('has a higher number than the previous one, but not the next', async () => {
    const { ada, channel, receiver, emulator, changeSettings } = await start();
    await ada.settings.watch({ requestBody: channel() });
    for (let change = 0; change < 20; change += 1) changeSettings();
    await emulator.settle();
    const numbers = receiver.received.map(({ number }) => number).toSorted((a, b) => a - b);
    expect(new Set(numbers).size).toBe(21);
    expect(numbers[0]).toBe(1);
    expect(numbers[20]).toBeGreaterThan(21);
  });

  test('omits token and expiration if the channel has none', async () => {
    const { ada, channel, receiver, emulator } = await start({ channels: { withoutExpiration: true } });
    const { data } = await ada.settings.watch({ requestBody: channel() });
    await emulator.settle();
    expect(data).not.toHaveProperty('expiration');
    expect(data).not.toHaveProperty('token');
    expect(receiver.received[0]?.headers).not.toHaveProperty('x-goog-channel-expiration');
    expect(receiver.received[0]?.headers).not.toHaveProperty('x-goog-channel-token');
  });

  test.each([
    ['always', true],
    ['never', false],
  ] as const)('has a Content-Type %s if configured', async (contentType, present) => {
    const { ada, channel, receiver, emulator } = await start({ channels: { contentType } });
    await ada.settings.watch({ requestBody: channel() });
    await emulator.settle();
    expect('content-type' in (receiver.received[0]?.headers ?? {})).toBe(present);
  });

  test('is sent to the channels of this collection only', async () => {
    const { ada, bob, channel, receiver, emulator, changeSettings } = await start();
    await ada.settings.watch({ requestBody: channel({ id: 'ada-settings' }) });
    await ada.calendarList.watch({ requestBody: channel({ id: 'ada-list' }) });
    await bob.settings.watch({ requestBody: channel({ id: 'bob-settings' }) });
    changeSettings();
    await emulator.settle();
    const exists = receiver.received.filter(({ state }) => state === 'exists');
    expect(exists.map(({ channelId }) => channelId)).toEqual(['ada-settings']);
  });

  test('is sent to every overlapping channel, with the same resource id', async () => {
    const { ada, channel, receiver, emulator, changeSettings } = await start();
    const first = await ada.settings.watch({ requestBody: channel() });
    const second = await ada.settings.watch({ requestBody: channel() });
    changeSettings();
    await emulator.settle();
    expect(second.data.resourceId).toBe(first.data.resourceId);
    const exists = receiver.received.filter(({ state }) => state === 'exists');
    expect(exists.map(({ channelId }) => channelId).toSorted()).toEqual(['channel-1', 'channel-2']);
  });
});

describe('the sync message', () => {
  test('arrives before the watch response if configured', async () => {
    const { ada, channel, receiver } = await start({ channels: { syncBeforeResponse: 'always' } });
    await ada.settings.watch({ requestBody: channel() });
    expect(receiver.received.map(({ state }) => state)).toEqual(['sync']);
  });

  test('does not delay the watch response if configured', async () => {
    const { ada, channel, receiver, emulator } = await start({ channels: { syncBeforeResponse: 'never' } });
    const answered = Promise.withResolvers<void>();
    receiver.answerWith(async () => {
      await answered.promise;
      return 204;
    });
    await ada.settings.watch({ requestBody: channel() });
    expect(emulator.journal.notifications()).toEqual([]);
    answered.resolve();
    await emulator.settle();
    expect(emulator.journal.notifications()).toMatchObject([{ state: 'sync', fate: 'delivered' }]);
  });

  test('arrives before or after the watch response by default', async () => {
    const { ada, channel, receiver } = await start();
    const before: boolean[] = [];
    for (let call = 0; call < 20; call += 1) {
      const { data } = await ada.settings.watch({ requestBody: channel() });
      before.push(receiver.received.some(({ channelId }) => channelId === data.id));
    }
    expect(new Set(before)).toEqual(new Set([true, false]));
  });

  test('arrives even if the watch response is lost', async () => {
    const { ada, channel, receiver, emulator } = await start();
    emulator.faults.add({
      on: 'request',
      match: { method: 'calendar.settings.watch' },
      effect: { do: 'hangUp', when: 'after' },
    });
    await expect(ada.settings.watch({ requestBody: channel() })).rejects.toHaveProperty('code');
    await emulator.settle();
    const [sync] = receiver.received;
    expect(sync?.state).toBe('sync');
    emulator.faults.clear();
    const resourceId = String(sync?.headers['x-goog-resource-id']);
    const stopped = await ada.channels.stop({ requestBody: { id: 'channel-1', resourceId } });
    expect(stopped.status).toBe(204);
  });
});

describe('delivery', () => {
  test.each([102, 200, 201, 202, 204])('treats %i as a success', async (status) => {
    const { ada, channel, receiver, emulator } = await start();
    receiver.answerWith(() => status);
    await ada.settings.watch({ requestBody: channel() });
    await emulator.settle();
    expect(emulator.journal.notifications()).toMatchObject([{ fate: 'delivered', attempt: 1, status }]);
  });

  test.each([500, 502, 503, 504, 'hangUp'] as const)('retries after %s', async (answer) => {
    const { ada, channel, receiver, emulator } = await start();
    receiver.answerWith(() => (receiver.received.length < 3 ? answer : 204));
    await ada.settings.watch({ requestBody: channel() });
    await emulator.settle();
    expect(receiver.received.map(({ number }) => number)).toEqual([1, 1, 1]);
    expect(emulator.journal.notifications().map(({ fate }) => fate)).toEqual([
      'retrying',
      'retrying',
      'delivered',
    ]);
  });

  test.each([301, 400, 403, 404, 410, 429, 501])('does not retry after %i', async (status) => {
    const { ada, channel, receiver, emulator } = await start();
    receiver.answerWith(() => status);
    await ada.settings.watch({ requestBody: channel() });
    await emulator.settle();
    expect(emulator.journal.notifications()).toMatchObject([{ fate: 'failed', attempt: 1, status }]);
  });

  test('gives up after the last attempt', async () => {
    const { ada, channel, receiver, emulator } = await start({ channels: { maxAttempts: 3 } });
    receiver.answerWith(() => 503);
    await ada.settings.watch({ requestBody: channel() });
    await emulator.settle();
    expect(emulator.journal.notifications().map(({ fate }) => fate)).toEqual([
      'retrying',
      'retrying',
      'gaveUp',
    ]);
  });

  test('is not blocked by a message that is being retried', async () => {
    const { ada, channel, receiver, emulator, changeSettings } = await start();
    await ada.settings.watch({ requestBody: channel() });
    await emulator.settle();
    changeSettings();
    changeSettings();
    const healthy = Promise.withResolvers<void>();
    receiver.answerWith(({ number }) => {
      const refused = receiver.received.find(({ state }) => state === 'exists')?.number === number;
      if (!refused) healthy.resolve();
      return refused ? 503 : 204;
    });
    await healthy.promise;
    expect(emulator.journal.notifications({ state: 'exists', fate: 'gaveUp' })).toEqual([]);
    receiver.answerWith(() => 204);
    await emulator.settle();
    expect(emulator.journal.notifications({ state: 'exists', fate: 'delivered' })).toHaveLength(2);
  });
});

describe('a channel ends', () => {
  test('when it expires, without a notification', async () => {
    const { ada, channel, receiver, emulator, changeSettings } = await start();
    const { data } = await ada.settings.watch({ requestBody: channel({ params: { ttl: '60' } }) });
    await emulator.settle();
    emulator.clock.advance(60_000);
    changeSettings();
    await emulator.settle();
    expect(receiver.received).toHaveLength(1);
    const stop = ada.channels.stop({ requestBody: { id: data.id ?? '', resourceId: data.resourceId ?? '' } });
    expect(await refusal(stop)).toMatchObject({ status: 404, reason: 'notFound' });
  });

  test('when it is stopped', async () => {
    const { ada, channel, receiver, emulator, changeSettings } = await start();
    const { data } = await ada.settings.watch({ requestBody: channel() });
    await emulator.settle();
    const stopped = await ada.channels.stop({
      requestBody: { id: data.id ?? '', resourceId: data.resourceId ?? '' },
    });
    changeSettings();
    await emulator.settle();
    expect(stopped.status).toBe(204);
    expect(receiver.received).toHaveLength(1);
  });

  test('but not when its user loses access', async () => {
    const { ada, bob, channel, receiver, emulator } = await start();
    const scope = { type: 'user', value: BOB };
    const { data: rule } = await ada.acl.insert({ calendarId: ADA, requestBody: { role: 'reader', scope } });
    await bob.events.watch({ calendarId: ADA, requestBody: channel() });
    await emulator.settle();
    await ada.acl.delete({ calendarId: ADA, ruleId: rule.id ?? '' });
    await ada.events.insert({ calendarId: ADA, requestBody: tomorrow });
    await emulator.settle();
    expect(receiver.received).toHaveLength(2);
  });

  test('silently when it is killed, and can still be stopped', async () => {
    const { ada, channel, receiver, emulator, changeSettings } = await start();
    const { data } = await ada.settings.watch({ requestBody: channel() });
    await emulator.settle();
    expect(emulator.channels.kill()).toBe(1);
    changeSettings();
    await emulator.settle();
    expect(receiver.received).toHaveLength(1);
    const stopped = await ada.channels.stop({
      requestBody: { id: data.id ?? '', resourceId: data.resourceId ?? '' },
    });
    expect(stopped.status).toBe(204);
  });

  test('but a notification in flight still arrives', async () => {
    const { ada, channel, receiver, emulator, changeSettings } = await start();
    const { data } = await ada.settings.watch({ requestBody: channel() });
    await emulator.settle();
    const tried = Promise.withResolvers<void>();
    const stopped = Promise.withResolvers<void>();
    receiver.answerWith(async () => {
      tried.resolve();
      await stopped.promise;
      return receiver.received.length < 3 ? 503 : 204;
    });
    changeSettings();
    await tried.promise;
    await ada.channels.stop({ requestBody: { id: data.id ?? '', resourceId: data.resourceId ?? '' } });
    stopped.resolve();
    await emulator.settle();
    expect(receiver.received.map(({ state }) => state)).toEqual(['sync', 'exists', 'exists']);
    expect(emulator.journal.notifications({ state: 'exists', fate: 'delivered' })).toHaveLength(1);
  });
});

describe('channels.stop answers 404', () => {
  test.each([
    ['for an unknown channel', { id: 'unknown' }, ADA],
    ['for another resource id', { resourceId: 'other' }, ADA],
    ['for another account than its creator’s', {}, BOB],
  ])('%s', async (_name, fields, user) => {
    const { ada, bob, channel } = await start();
    const { data } = await ada.settings.watch({ requestBody: channel() });
    const requestBody = { id: data.id ?? '', resourceId: data.resourceId ?? '', ...fields };
    const refused = await refusal((user === ADA ? ada : bob).channels.stop({ requestBody }));
    expect(refused).toEqual({
      status: 404,
      reason: 'notFound',
      message: `Channel '${requestBody.id}' not found for project '1'`,
    });
  });

  test('when it was already stopped', async () => {
    const { ada, channel } = await start();
    const { data } = await ada.settings.watch({ requestBody: channel() });
    const requestBody = { id: data.id ?? '', resourceId: data.resourceId ?? '' };
    await ada.channels.stop({ requestBody });
    expect((await refusal(ada.channels.stop({ requestBody }))).status).toBe(404);
  });
});

test('a service account’s channel can be stopped by any user', async () => {
  const { bob, channel, emulator } = await start();
  const robot = 'robot@project.iam.gserviceaccount.com';
  const answer = await fetch(`${emulator.url}/calendar/v3/users/me/settings/watch`, {
    method: 'POST',
    headers: { authorization: `Bearer ${robot}` },
    body: JSON.stringify(channel()),
  });
  expect(answer.status).toBe(200);
  const resourceId = emulator.channels.find('channel-1')?.resourceId ?? '';
  expect((await bob.channels.stop({ requestBody: { id: 'channel-1', resourceId } })).status).toBe(204);
});

describe('a watch call', () => {
  test('lasts a week by default, and returns the expiration as a string of milliseconds', async () => {
    const { ada, channel, emulator } = await start();
    const before = emulator.clock.now();
    const { data } = await ada.settings.watch({ requestBody: channel() });
    const after = emulator.clock.now();
    expect(typeof data.expiration).toBe('string');
    expect(Number(data.expiration)).toBeGreaterThan(before + WEEK_MS - 1000);
    expect(Number(data.expiration)).toBeLessThanOrEqual(after + WEEK_MS);
  });

  test('is cut to the configured lifetime', async () => {
    const { ada, channel, emulator } = await start({ channels: { maxTtlSeconds: 3600 } });
    const { data } = await ada.settings.watch({ requestBody: channel({ params: { ttl: '604800' } }) });
    expect(Number(data.expiration)).toBeLessThanOrEqual(emulator.clock.now() + 3_600_000);
  });

  test('with a used id is rejected, even after its channel was stopped', async () => {
    const { ada, bob, channel } = await start();
    const { data } = await ada.settings.watch({ requestBody: channel({ id: 'twice' }) });
    const expected = { status: 400, reason: 'channelIdNotUnique', message: 'Channel id twice not unique' };
    expect(await refusal(bob.settings.watch({ requestBody: channel({ id: 'twice' }) }))).toEqual(expected);
    await ada.channels.stop({ requestBody: { id: 'twice', resourceId: data.resourceId ?? '' } });
    expect(await refusal(ada.settings.watch({ requestBody: channel({ id: 'twice' }) }))).toEqual(expected);
  });

  test('for a calendar that the user cannot see is rejected with 404', async () => {
    const { ada, bob, channel } = await start();
    await ada.settings.list();
    const watch = bob.events.watch({ calendarId: ADA, requestBody: channel() });
    expect(await refusal(watch)).toMatchObject({ status: 404, reason: 'notFound' });
  });

  test('for a calendar without push is rejected permanently', async () => {
    const { ada, channel, emulator } = await start();
    const holidays = 'en.german#holiday@group.v.calendar.google.com';
    emulator.store.addCalendar(ADA, { summary: 'Holidays', timeZone: 'UTC' }, { id: holidays });
    const watch = ada.events.watch({ calendarId: holidays, requestBody: channel() });
    expect(await refusal(watch)).toEqual({
      status: 400,
      reason: 'pushNotSupportedForRequestedResource',
      message: 'Push notifications are not supported by this resource.',
    });
  });

  test('accepts event types, and rejects unknown ones', async () => {
    const { ada, channel } = await start();
    const eventTypes = ['default', 'focusTime'];
    const accepted = await ada.events.watch({ calendarId: 'primary', eventTypes, requestBody: channel() });
    expect(accepted.status).toBe(200);
    const refused = ada.events.watch({
      calendarId: 'primary',
      eventTypes: ['party'],
      requestBody: channel(),
    });
    expect(await refusal(refused)).toMatchObject({ status: 400, reason: 'invalid' });
  });
});
