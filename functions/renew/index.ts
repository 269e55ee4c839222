import { http } from '@google-cloud/functions-framework';

import { configure, readRenewConfig } from '../config.ts';
import { takeHeadersAlone } from '../limits.ts';
import { startLog, takeOverConsole } from '../log.ts';
import { takeOverShutdown } from '../shutdown.ts';
import { createRenew } from './create.ts';
import { renew } from './run.ts';

/** The reconciler, called by Cloud Scheduler every minute; answers with what it did. */

const config = configure(readRenewConfig);
const log = startLog('renew', config.GOOGLE_CLOUD_PROJECT);
takeOverConsole(log);
takeHeadersAlone();
const shutdown = takeOverShutdown();
const context = createRenew(config, log, shutdown.ending);

http('renew', async (_request, response) => {
  response.json(await shutdown.track(() => renew(context)));
});
