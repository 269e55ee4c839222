import { http, type Request, type Response } from '@google-cloud/functions-framework';

import { configure, readReceiveConfig } from '../config.ts';
import { readHeaders } from './notification.ts';
import { createRejectionLog } from './rejections.ts';
import { pushMessage } from '../feed/notification.ts';
import { createPublisher } from '../feed/publisher.ts';
import { pubSubServer } from '../feed/server.ts';
import { verifyToken } from '../watches/channel-token.ts';
import { ignoreRequestBodies } from '../runtime/requests.ts';
import { errorText, redirectConsole, startLog, type LogFields } from '../runtime/log.ts';
import { withMetric } from '../runtime/metrics.ts';
import { installGracefulShutdown } from '../runtime/shutdown.ts';

/** The public webhook: verifies the channel token of a request and publishes its headers. It reads no database and no body. */

const config = configure(readReceiveConfig);
const log = startLog('receive', config.GOOGLE_CLOUD_PROJECT);
redirectConsole(log);
ignoreRequestBodies();
const shutdown = installGracefulShutdown();
const publish = createPublisher({
  projectId: config.GOOGLE_CLOUD_PROJECT,
  topic: config.NOTIFICATIONS_TOPIC,
  server: pubSubServer(config),
  // Google retries failed deliveries, so give up quickly.
  giveUpAfterMs: 5_000,
  answerWithinMs: 2_000,
});

const rejections = createRejectionLog(log);
process.on('exit', rejections.flush);

async function receive(request: Request, response: Response): Promise<void> {
  const startedAt = Date.now();
  const counted = (fields: LogFields, outcome: 'published' | 'unpublished'): LogFields =>
    withMetric(fields, { metric: 'notification', outcome, ms: Date.now() - startedAt });
  const reject = (status: number, reason: string): void => {
    rejections.add(status, reason);
    response.status(status).type('text/plain').send(`${reason}\n`);
  };
  if (request.method !== 'POST') {
    response.set('Allow', 'POST');
    return reject(405, 'method not allowed, use POST');
  }
  // `headers` joins repeated headers; `headersDistinct` does not.
  const read = readHeaders(request.headersDistinct, startedAt);
  if (!read.ok) return reject(400, read.problem);
  const { channelId, messageNumber, resourceState } = read.data;
  const verified = verifyToken(config.CHANNEL_TOKEN_KEYS, channelId, read.token);
  if (!verified.ok) return reject(403, `x-goog-channel-token does not verify (${verified.reason})`);
  const fields = { watch: verified.watchId, channel: channelId, state: resourceState, number: messageNumber };
  try {
    await publish(pushMessage(verified.watchId, read.data));
  } catch (error) {
    log.error('notification not published', counted({ ...fields, error: errorText(error) }, 'unpublished'));
    response.status(503).type('text/plain').send('temporarily unavailable, please retry\n');
    return;
  }
  log.info('notification published', counted(fields, 'published'));
  response.status(204).send();
}

http('receive', (request, response) => shutdown.track(() => receive(request, response)));
