import { describe, expect, test } from 'vitest';
import type { OutgoingMessage } from '../../../../functions/feed/envelope.ts';
import { republish } from '../../../../functions/sync/redelivery.ts';
import { NOW } from '../../../support/sample-watch.ts';
import { syncContext } from '../../../support/sync-context.ts';

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
