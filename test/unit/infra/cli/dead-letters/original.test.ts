/** The original of a dead letter, and whether it can be replayed. */
import { expect, test } from 'vitest';
import { originalOf } from '../../../../../infra/cli/dead-letters/original.ts';
import { deadLetterMessage } from '../../../../../functions/feed/dead-letter.ts';
import { requestMessage } from '../../../../../functions/feed/notification.ts';

const TIME = '2030-01-01T00:00:00.000Z';
const received = (message: { attributes: Record<string, string>; data: Buffer }) => ({
  id: '1',
  orderingKey: '',
  publishedAt: 0,
  ...message,
});
const manual = requestMessage({ reason: 'manual', watchId: 'w1', full: true }, 'id', TIME);
const deadLetter = (attributes: unknown, text: string) =>
  originalOf(received(deadLetterMessage({ attributes, text, messageId: '9' }, 'the reason', TIME)));

test('a dead letter of sync is replayed exactly as it came, with the ordering key of its watch', () => {
  const original = deadLetter(manual.attributes, manual.data.toString());
  expect(original.reason).toBe('the reason');
  expect(original.replay).toEqual(manual);
});

test('a message that Pub/Sub forwarded is replayed without the attributes that Pub/Sub added', () => {
  const added = {
    CloudPubSubDeadLetterSourceDeliveryCount: '20',
    CloudPubSubDeadLetterSourceSubscription: 'calendar-sync',
  };
  const original = originalOf(received({ ...manual, attributes: { ...manual.attributes, ...added } }));
  expect(original.reason).toBe('failed 20 deliveries');
  expect(original.replay).toEqual(manual);
});

test.each([
  ['no attributes', null, '{}', /no attribute "watch"/],
  ['an invalid watch id', { watch: 'a b', reason: 'poll' }, '{}', /invalid watch id/],
  ['invalid JSON', { watch: 'w1', reason: 'poll' }, '{', /not a JSON object/],
  [
    'more data than is kept',
    { watch: 'w1', reason: 'poll' },
    `{"x":"${'x'.repeat(100_000)}"}`,
    /JSON|too long/,
  ],
])('a dead letter with %s cannot be replayed, for a reason', (_, attributes, text, problem) => {
  const original = deadLetter(attributes, text);
  expect(original.replay).toBeUndefined();
  expect(original.problem).toMatch(problem);
});
