import { http } from '@google-cloud/functions-framework';

import { configure, readRenewConfig } from '../config.ts';
import { createLog } from '../log.ts';
import { createRenew } from './create.ts';
import { renew } from './run.ts';

/** The reconciler, called by Cloud Scheduler every minute; answers with what it did. */

const context = createRenew(configure(readRenewConfig), createLog());

http('renew', async (_request, response) => {
  response.json(await renew(context));
});
