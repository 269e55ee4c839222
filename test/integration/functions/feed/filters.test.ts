/**
 * Pub/Sub's emulator selects the messages that the tests' own evaluator of filters selects. Emulators before version 555 of gcloud store
 * filters and apply none: the probe finds out.
 */
import { randomUUID } from 'node:crypto';
import { PubSub } from '@google-cloud/pubsub';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createReader } from '../../../../infra/cli/subscription.ts';
import { documentedFilters } from '../../../support/documented-filters.ts';
import { eventually } from '../../../support/eventually.ts';
import { CLOCK_MESSAGES, FEED_MESSAGES } from '../../../support/feed-messages.ts';
import { parseFilter } from '../../../support/pubsub-filter.ts';

/** Also some forms of the language that no document needs. Invalid filters are not among them: emulators accept some. */
const FILTERS = [
  ...documentedFilters(),
  'NOT attributes:change',
  '-attributes:change AND attributes.state != "paused"',
  'hasPrefix(attributes.ce-type, "calendar.watch.")',
  'attributes:"change" AND (attributes.resource = "acl" OR attributes.resource = "settings")',
  'attributes:nothing',
];
const MESSAGES = { ...FEED_MESSAGES, ...CLOCK_MESSAGES };
const ALL = Object.keys(MESSAGES);

const pubsub = new PubSub({ projectId: `demo-${randomUUID()}` });
afterAll(() => pubsub.close());

/** Creates a topic with a subscription for each filter, and publishes the messages, with their names as attributes. */
async function published(filters: readonly string[]) {
  const [topic] = await pubsub.createTopic(`feed-${randomUUID()}`);
  const subscriptions = await Promise.all(
    filters.map(async (filter) => {
      const [subscription] = await topic.createSubscription(`feed-${randomUUID()}`, { filter });
      return subscription;
    }),
  );
  for (const [name, { attributes, data }] of Object.entries(MESSAGES))
    await topic.publishMessage({ attributes: { ...attributes, name }, data });
  return subscriptions;
}

/** Returns a function that pulls until nothing comes, and returns the names of all messages that have come. */
function collector(subscription: { readonly name: string }): () => Promise<readonly string[]> {
  const reader = createReader(pubsub, subscription.name);
  const names = new Set<string | undefined>();
  return async () => {
    const held = await reader.hold(1000);
    await reader.acknowledge(held);
    for (const { attributes } of held) names.add(attributes['name']);
    return ALL.filter((name) => names.has(name));
  };
}

/** Whether the emulator applies filters: one that selects nothing tells once the other subscription has everything. */
async function appliesFilters(): Promise<boolean> {
  const [all, none] = (await published(['', 'attributes:nothing'])).map(collector);
  await eventually(async () => expect(await all?.()).toEqual(ALL));
  return (await none?.())?.length === 0;
}

const isApplied = await appliesFilters();
const why = isApplied
  ? ''
  : ' (left out: this Pub/Sub emulator applies no filters; gcloud 555 or later has one that does)';

describe.skipIf(!isApplied)(`an emulator that applies filters${why}`, () => {
  let collectors: ReadonlyMap<string, () => Promise<readonly string[]>>;
  beforeAll(async () => {
    const subscriptions = await published(FILTERS);
    collectors = new Map(subscriptions.map((each, index) => [FILTERS[index] ?? '', collector(each)]));
  });

  test.concurrent.each(FILTERS)('delivers what %s selects', async (filter) => {
    const matches = parseFilter(filter);
    const expected = Object.entries(MESSAGES).filter(([, { attributes }]) => matches(attributes));
    await eventually(async () =>
      expect(await collectors.get(filter)?.()).toEqual(expected.map(([name]) => name)),
    );
  });
});

describe.skipIf(isApplied)('an emulator that applies no filters', () => {
  test('keeps them and delivers every message, so a consumer checks attributes itself', async () => {
    const subscriptions = await published(FILTERS);
    const stored = await Promise.all(subscriptions.map((each) => each.getMetadata()));
    expect(stored.map(([{ filter }]) => filter)).toEqual(FILTERS);
    const collect = subscriptions.map(collector);
    await eventually(async () => {
      const delivered = await Promise.all(collect.map((each) => each()));
      expect(delivered).toEqual(FILTERS.map(() => ALL));
    });
  });
});
