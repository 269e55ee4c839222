import { cloudEvent } from '@google-cloud/functions-framework';

import { configure, readSyncConfig } from '../config.ts';
import { NotPublished } from '../feed/envelope.ts';
import { parseNotification } from '../feed/notification.ts';
import { errorText, startLog, takeOverConsole } from '../log.ts';
import { UnreadableWatch } from '../mirror/watch.ts';
import { takeOverShutdown } from '../shutdown.ts';
import { createSync } from './create.ts';
import { handleNotification } from './engine.ts';
import { textOf, unwrap } from './message.ts';
import { refuse } from './refuse.ts';

/** The subscriber of `calendar-notifications`: answers success when a message is done with, an error to get it again. */

const config = configure(readSyncConfig);
const log = startLog('sync', config.GOOGLE_CLOUD_PROJECT);
takeOverConsole(log);
const shutdown = takeOverShutdown();
const { context, publishDeadLetter } = createSync(config, log, shutdown.ending);

async function handle(event: unknown): Promise<void> {
  const delivery = unwrap(event);
  if (delivery === undefined) {
    const whole = { attributes: null, text: textOf(event), messageId: undefined };
    const reason = 'there is no Pub/Sub message in the delivery';
    return refuse(context, publishDeadLetter, whole, { kind: 'noMessage', reason }, undefined);
  }
  const parsed = parseNotification(delivery.attributes, delivery.text);
  if (!parsed.ok) {
    const refusal = { kind: 'malformed', reason: parsed.problem } as const;
    return refuse(context, publishDeadLetter, delivery, refusal, parsed.watchId);
  }
  const { watchId } = parsed.notification;
  try {
    // Without a publish time nothing can be found needless; what is now is then as good as any other.
    await handleNotification(context, parsed.notification, delivery.publishedAt ?? Date.now());
  } catch (error) {
    if (error instanceof UnreadableWatch) {
      const refusal = { kind: 'unreadableWatch', reason: error.message } as const;
      return refuse(context, publishDeadLetter, delivery, refusal, watchId);
    }
    log.error(
      'sync not done, to be delivered again',
      { watch: watchId, error: errorText(error) },
      { metric: 'undone', by: 'sync', cause: error instanceof NotPublished ? 'publish' : 'other' },
    );
    throw error;
  }
}

cloudEvent('sync', (event: unknown) => {
  // Refused, so that Pub/Sub delivers it again, to a process that has time for it.
  if (shutdown.ending()) throw new Error('this instance is shutting down');
  return shutdown.track(() => handle(event));
});
