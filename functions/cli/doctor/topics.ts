import * as z from 'zod';

import type { Session } from '../session.ts';
import { well, wrong, type Finding } from './finding.ts';

/** The topics, who pushes to sync, and where dead letters are kept. */

const policy = z.object({ deadLetterTopic: z.string().nullish(), maxDeliveryAttempts: z.number().nullish() });
const subscriptionSchema = z.object({
  name: z.string(),
  topic: z.string(),
  pushConfig: z
    .object({
      pushEndpoint: z.string().nullish(),
      oidcToken: z.object({ serviceAccountEmail: z.string().nullish() }).nullish(),
    })
    .nullish(),
  ackDeadlineSeconds: z.number(),
  enableMessageOrdering: z.boolean().default(false),
  deadLetterPolicy: policy.nullish(),
  expirationPolicy: z.object({ ttl: z.unknown().optional() }).nullish(),
});
export type Subscription = z.infer<typeof subscriptionSchema>;

/** What is expected where. The cloud on a machine has no accounts, and ends with its subscriptions. */
export interface Expected {
  readonly isEmulated: boolean;
  readonly notifications: string;
  readonly deadLetters: string;
}

/** So long may a push take, in seconds: longer than the function's own timeout (`ackDeadlineSeconds` is the push deadline, too). */
const deadlineFor = ({ isEmulated }: Expected): number => (isEmulated ? 60 : 600);

/** Pub/Sub deletes what nobody uses for 31 days, where it is not told otherwise ("Subscription properties"). */
const expires = ({ expirationPolicy }: Subscription): boolean =>
  !expirationPolicy || Boolean(expirationPolicy.ttl);

const short = (path: string): string => path.split('/').at(-1) ?? path;

/** Judges the subscription that pushes notifications to sync, out of all that the topic has. Pure. */
export function judgePush(subscriptions: readonly Subscription[], expected: Expected): readonly Finding[] {
  const pushes = subscriptions.filter(({ pushConfig }) => Boolean(pushConfig?.pushEndpoint));
  const [push] = pushes;
  if (push === undefined) {
    const says = `nothing is pushed from ${expected.notifications} to sync`;
    return [
      wrong(
        'push to sync',
        says,
        'gcloud pubsub subscriptions create calendar-sync … (README.md, Deploying)',
      ),
    ];
  }
  if (pushes.length > 1) {
    const names = pushes.map(({ name }) => short(name)).join(', ');
    const says = `${names} all push: sync would do everything several times`;
    return [wrong('push to sync', says, 'gcloud pubsub subscriptions delete <all but one>')];
  }
  const name = short(push.name);
  const update = `gcloud pubsub subscriptions update ${name}`;
  const trouble: Finding[] = [];
  const not = (says: string, mend: string): void => {
    trouble.push(wrong('push to sync', `${name} ${says}`, mend));
  };
  if (!push.enableMessageOrdering) {
    not(
      'has no message ordering',
      `gcloud pubsub subscriptions delete ${name}, and create it with --enable-message-ordering`,
    );
  }
  const deadline = deadlineFor(expected);
  if (push.ackDeadlineSeconds < deadline) {
    not(`gives a push ${String(push.ackDeadlineSeconds)} s`, `${update} --ack-deadline=${String(deadline)}`);
  }
  const endpoint = push.pushConfig?.pushEndpoint ?? '';
  if (!endpoint.endsWith(`/topics/${expected.notifications}`)) {
    not(
      'pushes to a path that names no topic: sync refuses every message',
      `${update} --push-endpoint=$SYNC_URL/projects/$PROJECT/topics/${expected.notifications}`,
    );
  }
  if (!expected.isEmulated && !push.pushConfig?.oidcToken?.serviceAccountEmail) {
    not(
      'pushes without an account: sync is private',
      `${update} --push-auth-service-account=$INVOKER --push-endpoint=${endpoint}`,
    );
  }
  if (short(push.deadLetterPolicy?.deadLetterTopic ?? '') !== expected.deadLetters) {
    not(
      `has no dead-letter topic ${expected.deadLetters}: what crashes sync comes for ever`,
      `${update} --dead-letter-topic=${expected.deadLetters} --max-delivery-attempts=20`,
    );
  }
  if (!expected.isEmulated && expires(push)) {
    not('expires when nothing is pushed for a while', `${update} --expiration-period=never`);
  }
  return trouble.length > 0 ? trouble : [well('push to sync', name)];
}

/** Judges what keeps dead letters for people. Pure. */
export function judgeReader(
  subscriptions: readonly Subscription[],
  reader: string,
  { deadLetters, isEmulated }: Expected,
): Finding {
  const found = subscriptions.find(({ name }) => short(name) === reader);
  if (found === undefined) {
    return wrong(
      'dead letters',
      `${deadLetters} has no subscription ${reader}: dead letters are lost`,
      `gcloud pubsub subscriptions create ${reader} --topic=${deadLetters} --ack-deadline=60 --message-retention-duration=31d --expiration-period=never`,
    );
  }
  if (!isEmulated && expires(found)) {
    const mend = `gcloud pubsub subscriptions update ${reader} --expiration-period=never`;
    return wrong('dead letters', `${reader} expires when nobody reads it for a while`, mend);
  }
  return well('dead letters', `kept in ${reader}`);
}

async function subscriptionsOf({ pubsub }: Session, topic: string): Promise<readonly Subscription[]> {
  const [subscriptions] = await pubsub.topic(topic).getSubscriptions();
  const metadata = await Promise.all(subscriptions.map((each) => each.getMetadata()));
  return metadata.map(([each]) => subscriptionSchema.parse(each));
}

export async function examineTopics(session: Session, isEmulated: boolean): Promise<readonly Finding[]> {
  const { config, pubsub } = session;
  const { NOTIFICATIONS_TOPIC: notifications, DEAD_LETTERS_TOPIC: deadLetters } = config;
  const topics = [notifications, config.CHANGES_TOPIC, deadLetters];
  const there = await Promise.all(topics.map(async (name) => (await pubsub.topic(name).exists())[0]));
  const missing = topics.filter((_, index) => there[index] === false);
  const findings = [
    missing.length === 0
      ? well('topics', topics.join(', '))
      : wrong('topics', `missing: ${missing.join(', ')}`, `gcloud pubsub topics create ${missing.join(' ')}`),
  ];
  const expected = { isEmulated, notifications, deadLetters };
  if (!missing.includes(notifications)) {
    findings.push(...judgePush(await subscriptionsOf(session, notifications), expected));
  }
  if (!missing.includes(deadLetters)) {
    const subscriptions = await subscriptionsOf(session, deadLetters);
    findings.push(judgeReader(subscriptions, config.DEAD_LETTERS_SUBSCRIPTION, expected));
  }
  return findings;
}
