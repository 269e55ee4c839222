/** What the console says of a subscription of the feed. */
import { describe, expect, test } from 'vitest';
import { consumerFaults } from '../../../../infra/cli/doctor/subscriptions.ts';
import { latestOf, subscriptionView } from '../../../../infra/console/source/subscriptions.ts';

const good = {
  name: 'projects/p/subscriptions/audit',
  enableMessageOrdering: true,
  deadLetterPolicy: { deadLetterTopic: 'projects/p/topics/audit-dead', maxDeliveryAttempts: 20 },
  expirationPolicy: { ttl: null },
  messageRetentionDuration: { seconds: 604_800 },
  filter: 'attributes:kind_moved',
  pushConfig: { pushEndpoint: 'https://audit.example.com' },
};
const facts = {
  topic: 'calendar-changes',
  isEmulated: false,
  project: 'p',
  backlog: new Map([['audit', 3]]),
  oldest: new Map([['audit', 61]]),
};

describe('a subscription of the feed', () => {
  test('is shown with its backlog and without warnings', () => {
    expect(subscriptionView(good, facts)).toEqual({
      name: 'audit',
      topic: 'calendar-changes',
      push: 'https://audit.example.com',
      filter: 'attributes:kind_moved',
      isOrdered: true,
      retentionSeconds: 604_800,
      deadLetterTopic: 'audit-dead',
      attempts: 20,
      isTemporary: false,
      backlog: 3,
      oldestSeconds: 61,
      warnings: [],
    });
  });

  test('has unknown numbers where no metric names it', () => {
    const view = subscriptionView({ name: 'projects/p/subscriptions/new' }, facts);
    expect(view).toMatchObject({ backlog: null, oldestSeconds: null, push: null, retentionSeconds: null });
  });

  test('warns of what can surprise its consumer, with the fix', () => {
    const bare = { name: 'projects/p/subscriptions/bare' };
    expect(consumerFaults(bare, facts)).toEqual([
      {
        says: 'has no message ordering: an older change of an item may arrive after a newer one',
        fix: 'create another with --enable-message-ordering: it cannot be changed',
      },
      {
        says: 'expires when it is inactive',
        fix: 'gcloud pubsub subscriptions update bare --project=p --expiration-period=never',
      },
      {
        says: 'has no dead-letter topic: a message that crashes its consumer is redelivered until it is too old',
        fix: 'gcloud pubsub subscriptions update bare --project=p --dead-letter-topic=$DEAD_LETTERS --max-delivery-attempts=100',
      },
    ]);
    // The subscriptions of the cloud on this machine need not outlive it.
    expect(consumerFaults(bare, { ...facts, isEmulated: true }).map(({ says }) => says)).toEqual([
      expect.stringContaining('ordering'),
      expect.stringContaining('dead-letter'),
    ]);
  });

  test('of a command that runs has no warnings', () => {
    const view = subscriptionView({ name: 'projects/p/subscriptions/calendar-mirror-tail-1' }, facts);
    expect([view.isTemporary, view.warnings]).toEqual([true, []]);
  });
});

test('the latest point of a series counts, whatever their order', () => {
  const points = [
    { at: 1, value: 10 },
    { at: 3, value: 30 },
    { at: 2, value: 20 },
  ];
  const series = [
    { labels: { subscription_id: 'audit' }, points },
    { labels: { subscription_id: 'idle' }, points: [] },
    { labels: {}, points },
  ];
  expect([...latestOf({ known: true, series })]).toEqual([['audit', 30]]);
  expect([...latestOf({ known: false, because: 'denied', fix: null })]).toEqual([]);
});
