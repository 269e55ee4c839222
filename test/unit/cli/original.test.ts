/** What a dead letter was, and whether it can be published again. */
import { expect, test } from 'vitest';
import { originalOf } from '../../../functions/cli/original.ts';
import { deadLetterMessage } from '../../../functions/feed/dead-letter.ts';
import { requestMessage } from '../../../functions/feed/notification.ts';

const TIME = '2030-01-01T00:00:00.000Z';
const received = (message: { attributes: Record<string, string>; data: Buffer }) => ({
  id: '1',
  orderingKey: '',
  publishedAt: 0,
  ...message,
});
const manual = requestMessage({ reason: 'manual', watchId: 'w1', full: true }, 'id', TIME);
const refused = (attributes: unknown, text: string) =>
  originalOf(received(deadLetterMessage({ attributes, text, messageId: '9' }, 'why it was refused', TIME)));

test('what sync put aside is published again exactly as it came, under its watch’s ordering key', () => {
  const original = refused(manual.attributes, manual.data.toString());
  expect(original.reason).toBe('why it was refused');
  expect(original.replay).toEqual(manual);
});

test('what Pub/Sub forwarded is published again without what Pub/Sub added', () => {
  const added = {
    CloudPubSubDeadLetterSourceDeliveryCount: '20',
    CloudPubSubDeadLetterSourceSubscription: 'calendar-sync',
  };
  const original = originalOf(received({ ...manual, attributes: { ...manual.attributes, ...added } }));
  expect(original.reason).toBe('delivered 20 times in vain');
  expect(original.replay).toEqual(manual);
});

test.each([
  ['no attributes', null, '{}', /no attribute "watch"/],
  ['an impossible watch', { watch: 'a b', reason: 'poll' }, '{}', /impossible watch id/],
  ['no JSON', { watch: 'w1', reason: 'poll' }, '{', /not a JSON object/],
  ['more than is kept', { watch: 'w1', reason: 'poll' }, `{"x":"${'x'.repeat(100_000)}"}`, /JSON|too long/],
])('what has %s stays, with the reason', (_, attributes, text, problem) => {
  const original = refused(attributes, text);
  expect(original.replay).toBeUndefined();
  expect(original.problem).toMatch(problem);
});
