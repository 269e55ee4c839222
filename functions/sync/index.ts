import { cloudEvent } from '@google-cloud/functions-framework';

import { configure, readSyncConfig } from '../config.ts';
import { startLog, redirectConsole } from '../runtime/log.ts';
import { installGracefulShutdown } from '../runtime/shutdown.ts';
import { createSync } from './create.ts';
import { handleDelivery } from './delivery.ts';

/** Subscriber of `calendar-notifications`. Returning acks the message; throwing nacks it, so that it is redelivered. */

const config = configure(readSyncConfig);
const log = startLog('sync', config.GOOGLE_CLOUD_PROJECT);
redirectConsole(log);
const shutdown = installGracefulShutdown();
const sync = createSync(config, log, shutdown.isShuttingDown);

cloudEvent('sync', (event: unknown) => {
  // Nack, so that Pub/Sub redelivers the message to an instance that has time for it.
  if (shutdown.isShuttingDown()) throw new Error('this instance is shutting down');
  return shutdown.track(() => handleDelivery(sync, event));
});
