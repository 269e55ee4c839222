/** Every kind of request to the webhook, its response and what it publishes, by the built function over HTTP. */
import { createSecretKey } from 'node:crypto';
import type { OutgoingHttpHeaders } from 'node:http';
import { describe, expect } from 'vitest';
import { mintToken } from '../../functions/watches/channel-token.ts';
import { freePort } from '../../infra/local/ports.ts';
import { cloudTest } from '../support/cloud-test.ts';
import { eventually } from '../support/eventually.ts';
import { sendNotification } from '../support/notification-request.ts';
import { tcpProxy } from '../support/tcp-proxy.ts';
import { openWebhook } from '../support/webhook.ts';

// A proxy stands between receive and Pub/Sub, so that Pub/Sub can be unavailable.
const port = await freePort();
const test = cloudTest({ env: { receive: { PUBSUB_EMULATOR_HOST: `127.0.0.1:${String(port)}` } } })
  .extend('proxy', { scope: 'file', auto: true }, async ({ cloud }, { onCleanup }) => {
    const proxy = tcpProxy(port, cloud.emulators.pubsubHost);
    await proxy.open();
    onCleanup(() => proxy.close());
    return proxy;
  })
  .extend('webhook', { scope: 'file' }, async ({ cloud }, { onCleanup }) => {
    const webhook = await openWebhook(cloud);
    onCleanup(() => webhook.close());
    return webhook;
  });

const WATCH = 'watch-1';

describe('a notification', () => {
  test('is answered 204 without a body, and published exactly as specified', async ({ webhook }) => {
    const { channel, send, arrived } = webhook.notification();
    const expiration = 'Tue, 19 Nov 2030 01:13:52 GMT';
    const answer = await send({ 'X-Goog-Channel-Expiration': expiration });
    expect(answer).toMatchObject({ status: 204, body: '' });
    const message = await eventually(() => {
      const [first] = arrived();
      if (first === undefined) throw new Error('it has not arrived');
      return first;
    });
    const data: Record<string, unknown> = JSON.parse(message.data.toString());
    expect(data).toEqual({
      channelId: channel,
      messageNumber: 7,
      resourceId: 'resource-1',
      resourceState: 'exists',
      resourceUri: 'https://www.googleapis.com/calendar/v3/calendars/team%2F1%40example.com/events?alt=json',
      channelExpiration: '2030-11-19T01:13:52.000Z',
      receivedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    });
    expect(message.attributes).toEqual({
      'ce-specversion': '1.0',
      'ce-dataschema': 'urn:calendar-mirror:notification:1',
      'ce-id': `${channel}/7`,
      'ce-type': 'calendar.notification.received',
      'ce-source': '//calendar-mirror/watches/watch-1',
      'ce-subject': `channels/${channel}`,
      'ce-time': data['receivedAt'],
      'content-type': 'application/json',
      watch: 'watch-1',
      reason: 'push',
      state: 'exists',
      resource: 'events',
      calendar: 'team/1@example.com',
    });
    expect(message.orderingKey).toBe('watch-1');
  });

  test.for<[string, OutgoingHttpHeaders]>([
    ['with the content type that Google documents', { 'Content-Type': 'application/json; utf-8' }],
    ['with header names in capitals', { 'X-GOOG-CHANNEL-EXPIRATION': 'Tue, 19 Nov 2030 01:13:52 GMT' }],
    ['with an expiration that is not a date', { 'X-Goog-Channel-Expiration': '1384823632000' }],
    ['with a resource that is none of ours', { 'X-Goog-Resource-URI': 'not a URI' }],
    ['with a state that Google may add', { 'X-Goog-Resource-State': 'not_exists' }],
  ])('%s is published', async ([, headers], { webhook }) => {
    const { send, arrived } = webhook.notification();
    expect(await send(headers)).toMatchObject({ status: 204 });
    await eventually(() => expect(arrived()).toHaveLength(1));
  });

  test('with a calendar id too long for an attribute is published without that attribute', async ({
    webhook,
  }) => {
    const { send, arrived } = webhook.notification();
    const uri = `https://www.googleapis.com/calendar/v3/calendars/${'x'.repeat(1025)}/events?alt=json`;
    expect(await send({ 'X-Goog-Resource-URI': uri })).toMatchObject({ status: 204 });
    await eventually(() => expect(arrived()).toHaveLength(1));
    expect(arrived()[0]?.attributes).not.toHaveProperty('calendar');
  });
});

describe('an invalid request is answered', () => {
  test.for([
    'X-Goog-Channel-ID',
    'X-Goog-Message-Number',
    'X-Goog-Resource-ID',
    'X-Goog-Resource-State',
    'X-Goog-Resource-URI',
  ])('400 without %s, which the response names', async (name, { cloud, webhook }) => {
    const { headers } = webhook.notification();
    const rest = Object.fromEntries(Object.entries(headers).filter(([each]) => each !== name));
    const answer = await sendNotification(cloud.urls.receive, rest);
    expect(answer.status).toBe(400);
    expect(answer.body).toContain(`${name.toLowerCase()} is missing`);
  });

  test.for<[string, OutgoingHttpHeaders]>([
    ['a message number that is a word', { 'X-Goog-Message-Number': 'seven' }],
    ['a message number below zero', { 'X-Goog-Message-Number': '-7' }],
    ['a message number beyond all numbers', { 'X-Goog-Message-Number': '9'.repeat(16) }],
    ['an over-long channel id', { 'X-Goog-Channel-ID': 'c'.repeat(65) }],
    ['an over-long resource id', { 'X-Goog-Resource-ID': 'r'.repeat(257) }],
    ['an over-long resource state', { 'X-Goog-Resource-State': 'x'.repeat(33) }],
    ['an over-long resource URI', { 'X-Goog-Resource-URI': `https://example.com/${'x'.repeat(5000)}` }],
    ['an empty resource id', { 'X-Goog-Resource-ID': '' }],
    ['a message number that comes twice', { 'X-Goog-Message-Number': ['7', '7'] }],
    ['a channel id that comes twice', { 'X-Goog-Channel-ID': ['a', 'b'] }],
    ['a resource id that comes twice', { 'X-Goog-Resource-ID': ['resource-1', 'resource-1'] }],
    ['a resource state that comes twice', { 'X-Goog-Resource-State': ['exists', 'sync'] }],
    ['a resource URI that comes twice', { 'X-Goog-Resource-URI': ['https://a.b/', 'https://a.b/'] }],
  ])('400 with %s', async ([, headers], { webhook }) => {
    expect(await webhook.notification().send(headers)).toMatchObject({ status: 400 });
  });

  test.for(['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])(
    '405 for %s, with the allowed method',
    async (method, { webhook }) => {
      expect(await webhook.notification().send({}, method)).toMatchObject({ status: 405, allow: 'POST' });
    },
  );

  test('403 with a repeated token', async ({ webhook }) => {
    const headers = { 'X-Goog-Channel-Token': ['v=1', 'v=1'] };
    expect(await webhook.notification().send(headers)).toMatchObject({ status: 403 });
  });

  test('403 with a token that does not verify, whatever the ids, and nothing is published (F17)', async ({
    cloud,
    webhook,
  }) => {
    const mine = webhook.notification();
    const other = webhook.notification('watch-2');
    const cutShort = mine.token.slice(0, -1);
    const flipped = `${cutShort}${mine.token.endsWith('A') ? 'B' : 'A'}`;
    const anotherKey = mintToken(
      { ...mine.key, secret: createSecretKey(Buffer.from('not it')) },
      mine.channel,
      WATCH,
    );
    const unknownKid = mintToken({ ...mine.key, id: 'old' }, mine.channel, WATCH);
    const otherWatch = mine.token.replace(WATCH, 'watch-2');
    const overLong = `${mine.token}&pad=`.padEnd(5000, 'x');
    const tokens = [
      cutShort,
      flipped,
      anotherKey,
      unknownKid,
      otherWatch,
      overLong,
      other.token,
      '',
      'v=1',
      '%00',
    ];
    for (const token of tokens) {
      const answer = await mine.send({ 'X-Goog-Channel-Token': token });
      expect({ token, status: answer.status }).toEqual({ token, status: 403 });
      expect(answer.body).not.toContain('mac=');
    }
    const { 'X-Goog-Channel-Token': _, ...withoutToken } = mine.headers;
    expect(await sendNotification(cloud.urls.receive, withoutToken)).toMatchObject({ status: 403 });
    await webhook.allArrived();
    expect(mine.arrived()).toEqual([]);
  });
});

describe('while Pub/Sub is unavailable', () => {
  test('a notification is answered 503, and published under its ordering key once Pub/Sub is back', async ({
    webhook,
    proxy,
  }) => {
    const before = webhook.notification('watch-away');
    expect(await before.send()).toMatchObject({ status: 204 });
    await proxy.close();
    const refused = webhook.notification('watch-away');
    expect(await refused.send()).toMatchObject({ status: 503 });
    // An invalid request is rejected at once, without a publish.
    expect(await refused.send({ 'X-Goog-Channel-Token': 'forged' })).toMatchObject({ status: 403 });
    await proxy.open();
    // Google retries after a 503, until the notification is accepted.
    await eventually(async () => expect(await refused.send()).toMatchObject({ status: 204 }));
    const after = webhook.notification('watch-away');
    expect(await after.send()).toMatchObject({ status: 204 });
    await eventually(() => expect(after.arrived()).toHaveLength(1));
    const keyed = webhook.published.filter(({ orderingKey }) => orderingKey === 'watch-away');
    const order = [before, refused, after].map(({ channel }) =>
      keyed.findIndex(({ attributes }) => attributes['ce-subject'] === `channels/${channel}`),
    );
    expect(order).not.toContain(-1);
    expect(order).toEqual(order.toSorted((a, b) => a - b));
  });
});
