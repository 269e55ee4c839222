import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { requestMessage } from '../../functions/feed/notification.ts';
import { NAMES } from '../../infra/local/topics.ts';
import { eventually } from './cloud.ts';
import type { Pipeline } from './pipeline.ts';

/**
 * Waits until sync has had every notification that was published for a watch, also those that it only puts off: with their
 * ordering key, a message for a watch that never was comes after them.
 */
export async function handled(cloud: Pipeline, watch: string): Promise<void> {
  const marker = `marker-${randomUUID()}`;
  const message = requestMessage(
    { reason: 'manual', watchId: marker, full: false },
    randomUUID(),
    new Date().toISOString(),
  );
  await cloud.pubsub
    .topic(NAMES.notifications, { messageOrdering: true })
    .publishMessage({ ...message, orderingKey: watch });
  await eventually(() => expect(cloud.logs.map(({ fields }) => fields['watch'])).toContain(marker), 40_000);
}
