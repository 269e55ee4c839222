import * as z from 'zod';

import { unknown, well, wrong, type Finding } from './finding.ts';
import { isBelow } from './functions.ts';

/** Checks the subscriptions that push to sync and keep dead letters. https://cloud.google.com/pubsub/docs/reference/rest/v1/projects.subscriptions */

/** Without a number, Pub/Sub makes five attempts. */
const policy = z.object({ deadLetterTopic: z.string().nullish(), maxDeliveryAttempts: z.number().nullish() });
/** A duration, as gRPC has it. */
const duration = z.object({ seconds: z.coerce.number().nullish() }).nullish();
export const subscriptionSchema = z.object({
  name: z.string(),
  pushConfig: z
    .object({
      pushEndpoint: z.string().nullish(),
      oidcToken: z
        .object({ serviceAccountEmail: z.string().nullish(), audience: z.string().nullish() })
        .nullish(),
    })
    .nullish(),
  /** 0 is the default of 10 s. */
  ackDeadlineSeconds: z.number().nullish(),
  enableMessageOrdering: z.boolean().nullish(),
  deadLetterPolicy: policy.nullish(),
  expirationPolicy: z.object({ ttl: duration }).nullish(),
  messageRetentionDuration: duration,
  filter: z.string().nullish(),
});
export type Subscription = z.infer<typeof subscriptionSchema>;

/** The expected configuration. The local cloud has no accounts, and its subscriptions need not outlive it. */
export interface Expected {
  readonly isEmulated: boolean;
  readonly project: string;
  /** Both topics by full name: `projects/…/topics/…`. */
  readonly notifications: string;
  readonly deadLetters: string;
  /** The URLs of sync; undefined if unknown. */
  readonly syncUrls?: readonly string[] | undefined;
}

/** The push deadline in seconds (`ackDeadlineSeconds`): must exceed the function's own timeout. */
const deadlineFor = ({ isEmulated }: Expected): number => (isEmulated ? 60 : 600);

/** Returns whether an unused subscription expires: after 31 days without a policy, never with a policy that has no `ttl`. */
const expires = ({ expirationPolicy }: Subscription): boolean =>
  !expirationPolicy || Boolean(expirationPolicy.ttl);

/** The faults that a subscription of a consumer can have, too. */
const UNORDERED = 'has no message ordering';
const EXPIRES = 'expires when it is inactive';

export const short = (path: string): string => path.split('/').at(-1) ?? path;

const WHAT = 'push to sync';

/** The most that Pub/Sub allows. */
export const DELIVERY_ATTEMPTS = 100;

const namesTopic = (endpoint: string, topic: string): boolean =>
  URL.parse(endpoint)?.pathname.endsWith(`/topics/${short(topic)}`) === true;

/** The name that Terraform, the gcloud commands and the local cloud give it. */
const USUAL_NAME = 'calendar-sync';

/**
 * Returns the subscriptions that push to sync: by its URL, or else by the usual name, if the URL is unknown or a proxy stands in front.
 * All other subscriptions of the topic belong to other consumers and are not judged.
 */
function pushesToSync(subscriptions: readonly Subscription[], expected: Expected): readonly Subscription[] {
  const pushes = subscriptions.filter(({ pushConfig }) => pushConfig?.pushEndpoint);
  const byUrl = pushes.filter(({ pushConfig }) =>
    expected.syncUrls?.some((url) => isBelow(pushConfig?.pushEndpoint ?? '', url)),
  );
  return byUrl.length > 0 ? byUrl : pushes.filter(({ name }) => short(name) === USUAL_NAME);
}

/** The account that Terraform and the gcloud commands let call sync. */
const usualAccount = (project: string): string => `calendar-push@${project}.iam.gserviceaccount.com`;

/** Returns the URL of sync, or the name of a variable for it. */
const urlOf = ({ syncUrls }: Expected): string => syncUrls?.[0]?.replace(/\/+$/, '') ?? '$SYNC_URL';

/** Returns the command that creates the subscription, as Terraform does. */
function createCommand(name: string, expected: Expected, account = usualAccount(expected.project)): string {
  const { project, notifications, deadLetters } = expected;
  const url = urlOf(expected);
  const push = `--push-endpoint=${url}/${notifications} --push-auth-service-account=${account} --push-auth-token-audience=${url}`;
  const kept = '--ack-deadline=600 --message-retention-duration=7d --expiration-period=never';
  const retried = `--min-retry-delay=1s --max-retry-delay=600s --dead-letter-topic=${deadLetters} --max-delivery-attempts=100`;
  return `gcloud pubsub subscriptions create ${name} --topic=${notifications} --enable-message-ordering ${kept} ${push} ${retried} --project=${project}`;
}

/** Returns the faults of a subscription, each as a message and its fix. */
function faultsOf(push: Subscription, expected: Expected): readonly (readonly [string, string])[] {
  const { isEmulated, project, notifications, deadLetters } = expected;
  const name = short(push.name);
  const update = `gcloud pubsub subscriptions update ${name} --project=${project}`;
  const faults: (readonly [string, string])[] = [];
  if (push.enableMessageOrdering !== true) {
    // Ordering is immutable, so the subscription must be replaced. If the new one is created first, no
    // notification is lost; some are synced twice.
    const create = createCommand(
      `${name}-ordered`,
      expected,
      push.pushConfig?.oidcToken?.serviceAccountEmail || undefined,
    );
    faults.push([
      UNORDERED,
      `${create}, and then gcloud pubsub subscriptions delete ${name} --project=${project}`,
    ]);
  }
  const deadline = push.ackDeadlineSeconds || 10;
  const needed = deadlineFor(expected);
  if (deadline < needed) {
    faults.push([
      `has a push deadline of ${String(deadline)} s`,
      `${update} --ack-deadline=${String(needed)}`,
    ]);
  }
  const endpoint = push.pushConfig?.pushEndpoint ?? '';
  const account = push.pushConfig?.oidcToken?.serviceAccountEmail;
  const isPathRight = namesTopic(endpoint, notifications);
  if (!isPathRight || (!isEmulated && !account)) {
    const url = urlOf(expected);
    // The command names the identity as well: gcloud removes what the flags of a new endpoint omit.
    const identity = isEmulated
      ? ''
      : ` --push-auth-service-account=${account || usualAccount(project)} --push-auth-token-audience=${push.pushConfig?.oidcToken?.audience || url}`;
    const fix = `${update} --push-endpoint=${url}/${notifications}${identity}`;
    if (!isPathRight)
      faults.push(['pushes to a path that does not name the topic: sync rejects every message', fix]);
    else faults.push(['pushes without a service account: sync is private', fix]);
  }
  if (short(push.deadLetterPolicy?.deadLetterTopic ?? '') !== short(deadLetters)) {
    faults.push([
      `has no dead-letter topic ${short(deadLetters)}: a message that crashes sync is redelivered forever`,
      `${update} --dead-letter-topic=${deadLetters} --max-delivery-attempts=100`,
    ]);
  } else if ((push.deadLetterPolicy?.maxDeliveryAttempts || 5) < DELIVERY_ATTEMPTS) {
    // A push that Cloud Run rejects because no instance is free counts as an attempt.
    faults.push([
      `makes fewer than ${String(DELIVERY_ATTEMPTS)} attempts: a flood of notifications ends in dead letters`,
      `${update} --dead-letter-topic=${deadLetters} --max-delivery-attempts=100`,
    ]);
  }
  if (!isEmulated && expires(push)) {
    faults.push([EXPIRES, `${update} --expiration-period=never`]);
  }
  return faults;
}

/**
 * Returns what can surprise the consumer of a subscription of the feed, each as a message and its fix. The owner of a subscription may
 * have reasons, so that `doctor` does not judge it. Pure.
 */
export function consumerFaults(
  subscription: Subscription,
  { isEmulated, project }: Pick<Expected, 'isEmulated' | 'project'>,
): readonly { readonly says: string; readonly fix: string }[] {
  const name = short(subscription.name);
  const update = `gcloud pubsub subscriptions update ${name} --project=${project}`;
  const faults: { says: string; fix: string }[] = [];
  if (subscription.enableMessageOrdering !== true) {
    faults.push({
      says: `${UNORDERED}: an older change of an item may arrive after a newer one`,
      fix: 'create another with --enable-message-ordering: it cannot be changed',
    });
  }
  if (!isEmulated && expires(subscription)) {
    faults.push({ says: EXPIRES, fix: `${update} --expiration-period=never` });
  }
  if (!subscription.deadLetterPolicy?.deadLetterTopic) {
    faults.push({
      says: 'has no dead-letter topic: a message that crashes its consumer is redelivered until it is too old',
      fix: `${update} --dead-letter-topic=$DEAD_LETTERS --max-delivery-attempts=100`,
    });
  }
  return faults;
}

/** Judges the subscription that pushes notifications to sync, among all subscriptions of the topic. Pure. */
export function judgePush(subscriptions: readonly Subscription[], expected: Expected): readonly Finding[] {
  const ours = pushesToSync(subscriptions, expected)
    .map((push) => ({ push, name: short(push.name), faults: faultsOf(push, expected) }))
    .toSorted((a, b) => a.faults.length - b.faults.length);
  const [best, ...others] = ours;
  if (best === undefined) {
    const says = `no subscription pushes from ${short(expected.notifications)} to sync`;
    if (expected.syncUrls === undefined && subscriptions.some(({ pushConfig }) => pushConfig?.pushEndpoint)) {
      return [unknown(WHAT, `${says}, as far as can be told without the URL of sync`)];
    }
    return [wrong(WHAT, says, createCommand(USUAL_NAME, expected))];
  }
  const findings = best.faults.map(([says, fix]) => wrong(WHAT, `${best.name} ${says}`, fix));
  if (others.length > 0) {
    const names = others.map(({ name }) => name);
    findings.push(
      wrong(
        WHAT,
        `${[best.name, ...names].join(', ')} all push to sync: each notification is processed several times`,
        `keep ${best.name}: gcloud pubsub subscriptions delete ${names.join(' ')} --project=${expected.project}`,
      ),
    );
  }
  return findings.length > 0 ? findings : [well(WHAT, best.name)];
}

/** Judges the subscription that keeps dead letters. Pure. */
export function judgeReader(
  subscriptions: readonly Subscription[],
  reader: string,
  { deadLetters, isEmulated, project }: Expected,
): Finding {
  const found = subscriptions.find(({ name }) => short(name) === short(reader));
  const of = `${short(reader)} --project=${project}`;
  if (found === undefined) {
    return wrong(
      'dead letters',
      `${short(deadLetters)} has no subscription ${short(reader)}: dead letters are lost`,
      `gcloud pubsub subscriptions create ${of} --topic=${deadLetters} --ack-deadline=60 --message-retention-duration=31d --expiration-period=never`,
    );
  }
  if (!isEmulated && expires(found)) {
    const fix = `gcloud pubsub subscriptions update ${of} --expiration-period=never`;
    return wrong('dead letters', `${short(reader)} ${EXPIRES}`, fix);
  }
  return well('dead letters', `kept in ${short(reader)}`);
}
