import { randomUUID } from 'node:crypto';
import { requestMessage } from '../../functions/feed/notification.ts';
import { NAMES } from '../../infra/local/topics.ts';
import { until } from '../../infra/local/until.ts';
import type { Pipeline } from './pipeline.ts';

/**
 * Waits until sync has received every notification that was published for a watch, deferred ones included: with the same ordering key, a
 * message for an unknown watch comes after them.
 */
export async function untilHandled(cloud: Pipeline, watch: string): Promise<void> {
  const marker = `marker-${randomUUID()}`;
  const message = requestMessage(
    { reason: 'manual', watchId: marker, full: false },
    randomUUID(),
    new Date().toISOString(),
  );
  await cloud.pubsub
    .topic(NAMES.notifications, { messageOrdering: true })
    .publishMessage({ ...message, orderingKey: watch });
  await until(() => cloud.logs.some(({ fields }) => fields['watch'] === marker), {
    what: `the notifications of ${watch} are handled`,
    withinMs: 60_000,
  });
}
