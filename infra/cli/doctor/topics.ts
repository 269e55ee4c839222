import { fullName } from '../../../functions/feed/names.ts';
import type { Session } from '../session.ts';
import { well, wrong, type Finding } from './finding.ts';
import { judgePush, judgeReader, short, subscriptionSchema, type Subscription } from './subscriptions.ts';
import { CLOCK_SCHEMA, examineTopicSchema, FEED_SCHEMA } from './topic-schema.ts';

/** Checks the topics, the push to sync, and the subscription that keeps dead letters. */

/** Returns the project's own subscriptions of a topic. Those of other projects may be unreadable and are not ours to judge. */
export async function subscriptionsOf(
  { pubsub, config }: Pick<Session, 'pubsub' | 'config'>,
  topic: string,
): Promise<readonly Subscription[]> {
  const [subscriptions] = await pubsub.topic(topic).getSubscriptions();
  const own = subscriptions.filter(({ name }) => name.startsWith(`projects/${config.GOOGLE_CLOUD_PROJECT}/`));
  const metadata = await Promise.all(own.map((each) => each.getMetadata()));
  return metadata.map(([each]) => subscriptionSchema.parse(each));
}

/**
 * Checks the topics and their subscriptions.
 * @param syncUrls the URLs of sync; undefined if unknown.
 */
export async function examineTopics(
  session: Session,
  isEmulated: boolean,
  syncUrls: readonly string[] | undefined,
): Promise<readonly Finding[]> {
  const { config, pubsub } = session;
  const project = config.GOOGLE_CLOUD_PROJECT;
  const named = (name: string): string => fullName('topics', project, name);
  const [notifications, changes, clock, deadLetters] = [
    named(config.NOTIFICATIONS_TOPIC),
    named(config.CHANGES_TOPIC),
    named(config.CLOCK_TOPIC),
    named(config.DEAD_LETTERS_TOPIC),
  ];
  const topics = [notifications, changes, clock, deadLetters];
  const there = await Promise.all(topics.map(async (name) => (await pubsub.topic(name).exists())[0]));
  const missing = topics.filter((_, index) => there[index] === false);
  const findings = [
    missing.length === 0
      ? well('topics', topics.map(short).join(', '))
      : wrong(
          'topics',
          `missing: ${missing.map(short).join(', ')}`,
          `gcloud pubsub topics create ${missing.join(' ')}`,
        ),
  ];
  const expected = { isEmulated, project, notifications, deadLetters, syncUrls };
  if (!missing.includes(notifications)) {
    findings.push(...judgePush(await subscriptionsOf(session, notifications), expected));
  }
  for (const [topic, schema] of [
    [changes, FEED_SCHEMA],
    [clock, CLOCK_SCHEMA],
  ] as const) {
    if (!missing.includes(topic)) findings.push(...(await examineTopicSchema(pubsub, topic, schema)));
  }
  if (!missing.includes(deadLetters)) {
    const subscriptions = await subscriptionsOf(session, deadLetters);
    findings.push(judgeReader(subscriptions, config.DEAD_LETTERS_SUBSCRIPTION, expected));
  }
  return findings;
}
