import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { unwrap, republish } from '../../../../functions/sync/delivery.ts';
import type { OutgoingMessage } from '../../../../functions/feed/envelope.ts';
import { NOW } from '../../../support/sample-watch.ts';
import { syncContext } from '../../../support/sync-context.ts';

const MESSAGE = {
  attributes: { watch: 'w', reason: 'poll' },
  data: Buffer.from('{"ü":1}').toString('base64'),
  messageId: '17',
  publishTime: '2026-05-04T10:00:00.123Z',
};
const DELIVERY = {
  attributes: MESSAGE.attributes,
  text: '{"ü":1}',
  messageId: '17',
  publishedAt: Date.parse(MESSAGE.publishTime),
};

describe('a Pub/Sub message', () => {
  test.each([
    [
      'a CloudEvent',
      { id: '17', type: 'google.cloud.pubsub.topic.v1.messagePublished', data: { message: MESSAGE } },
    ],
    ['a bare push delivery', { message: MESSAGE, subscription: 'projects/p/subscriptions/s' }],
  ])('is found in %s', (_, event) => {
    expect(unwrap(event)).toEqual(DELIVERY);
  });

  test.each([
    ['no data', { ...MESSAGE, data: undefined }, { ...DELIVERY, text: '' }],
    ['data that is not text', { ...MESSAGE, data: 7 }, { ...DELIVERY, text: '' }],
    ['no attributes', { ...MESSAGE, attributes: undefined }, { ...DELIVERY, attributes: undefined }],
    ['no publish time', { ...MESSAGE, publishTime: undefined }, { ...DELIVERY, publishedAt: undefined }],
    ['an invalid publish time', { ...MESSAGE, publishTime: 'now' }, { ...DELIVERY, publishedAt: undefined }],
    ['no id', { ...MESSAGE, messageId: 7 }, { ...DELIVERY, messageId: undefined }],
  ])('is valid with %s', (_, message, expected) => {
    expect(unwrap({ message })).toEqual(expected);
    expect(unwrap({ data: { message } })).toEqual(expected);
  });

  test.each([undefined, null, 'text', {}, { message: 'text' }, { data: {} }])(
    'is not found in %j',
    (event) => {
      expect(unwrap(event)).toBeUndefined();
    },
  );

  test('is searched for in any value without an error', () => {
    fc.assert(
      fc.property(fc.anything(), (message) => {
        expect(unwrap({ message }) ?? {}).toBeTypeOf('object');
      }),
    );
  });
});

const HOUR = 3_600_000;
const UNAVAILABLE = Object.assign(new Error('14 UNAVAILABLE: no connection'), { code: 14 });

/** Handles the failure of a notification of this age. */
async function fail(
  error: unknown,
  age: number | undefined,
  attributes: unknown = { watch: 'w', reason: 'push' },
) {
  const published: OutgoingMessage[] = [];
  const context = {
    ...syncContext(),
    publishNotification: (message: OutgoingMessage) => {
      published.push(message);
      return Promise.resolve('id');
    },
    log: { debug: () => {}, info: () => {}, warning: () => {}, error: () => {} },
  };
  const publishedAt = age === undefined ? undefined : NOW - age;
  const republished = await republish(context, { attributes, text: '{}', publishedAt }, 'w', error);
  return { republished, published };
}

describe('a notification that fails', () => {
  test('because of an outage is republished unchanged before its attempts run out', async () => {
    const attributes = { watch: 'w', reason: 'push', 'ce-id': 'c/1', googclient_schemaencoding: 'JSON' };
    expect(await fail(UNAVAILABLE, HOUR, attributes)).toEqual({
      republished: true,
      published: [
        {
          attributes: { watch: 'w', reason: 'push', 'ce-id': 'c/1' },
          data: Buffer.from('{}'),
          orderingKey: 'w',
        },
      ],
    });
  });

  test.each<[string, unknown, number | undefined]>([
    ['for less than an hour', UNAVAILABLE, HOUR - 1],
    ['of unknown age', UNAVAILABLE, undefined],
    ['because of a bug', new TypeError('x is undefined'), 2 * HOUR],
    [
      'because Firestore rejects the write',
      Object.assign(new Error('3 INVALID_ARGUMENT'), { code: 3 }),
      2 * HOUR,
    ],
    ['with a network error', Object.assign(new Error('x'), { code: 'EPIPE' }), 2 * HOUR],
    ['with an undefined error', undefined, 2 * HOUR],
  ])('%s is left to Pub/Sub', async (_, error, age) => {
    expect(await fail(error, age)).toEqual({ republished: false, published: [] });
  });
});
