import { http, type Request, type Response } from '@google-cloud/functions-framework';

import { configure, readReceiveConfig } from '../config.ts';
import { readHeaders } from './notification.ts';
import { pushMessage } from '../feed/notification.ts';
import { createPublisher } from '../feed/publisher.ts';
import { pubSubServer } from '../feed/server.ts';
import { verifyToken } from '../watches/channel-token.ts';
import { ignoreRequestBodies } from '../runtime/requests.ts';
import { errorText, redirectConsole, startLog } from '../runtime/log.ts';
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
  server: pubSubServer(config.PUBSUB_EMULATOR_HOST),
  // Google retries failed deliveries, so give up quickly.
  giveUpAfterMs: 5_000,
  answerWithinMs: 2_000,
});

async function receive(request: Request, response: Response): Promise<void> {
  const startedAt = Date.now();
  const reject = (status: number, reason: string): void => {
    log.warning(
      'notification rejected',
      withMetric(
        { status, reason },
        { metric: 'notification', outcome: 'rejected', ms: Date.now() - startedAt },
      ),
    );
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
    log.error(
      'notification not published',
      withMetric(
        { ...fields, error: errorText(error) },
        { metric: 'notification', outcome: 'unpublished', ms: Date.now() - startedAt },
      ),
    );
    response.status(503).type('text/plain').send('temporarily unavailable, please retry\n');
    return;
  }
  log.info(
    'notification published',
    withMetric(fields, {
      metric: 'notification',
      outcome: 'published',
      ms: Date.now() - startedAt,
    }),
  );
  response.status(204).send();
}

http('receive', (request, response) => shutdown.track(() => receive(request, response)));
