import { http } from '@google-cloud/functions-framework';

import { configure, readRenewConfig } from '../config.ts';
import { ignoreRequestBodies } from '../runtime/requests.ts';
import { startLog, redirectConsole } from '../runtime/log.ts';
import { installGracefulShutdown } from '../runtime/shutdown.ts';
import { createRenew } from './create.ts';
import { renew } from './run.ts';

/** The reconciler, called by Cloud Scheduler once a minute. The response is a summary of the run. */

const config = configure(readRenewConfig);
const log = startLog('renew', config.GOOGLE_CLOUD_PROJECT);
redirectConsole(log);
ignoreRequestBodies();
const shutdown = installGracefulShutdown();
const context = createRenew(config, log, shutdown.isShuttingDown);

http('renew', async (_request, response) => {
  response.json(await shutdown.track(() => renew(context)));
});
