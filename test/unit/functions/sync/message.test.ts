import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { unwrap } from '../../../../functions/sync/message.ts';

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
