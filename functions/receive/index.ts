import { http, type Request, type Response } from '@google-cloud/functions-framework';

import { verifyToken } from '../channel/token.ts';
import { configure, readReceiveConfig } from '../config.ts';
import { pushMessage } from '../feed/notification.ts';
import { createPublisher } from '../feed/publisher.ts';
import { pubSubServer } from '../feed/server.ts';
import { takeHeadersAlone } from '../limits.ts';
import { errorText, startLog, takeOverConsole } from '../log.ts';
import { takeOverShutdown } from '../shutdown.ts';
import { readHeaders } from './notification.ts';

/** The public webhook: believes a request only by its token, publishes it, and answers. No database, no body. */

const config = configure(readReceiveConfig);
const log = startLog('receive', config.GOOGLE_CLOUD_PROJECT);
takeOverConsole(log);
takeHeadersAlone();
const shutdown = takeOverShutdown();
const publish = createPublisher({
  projectId: config.GOOGLE_CLOUD_PROJECT,
  topic: config.NOTIFICATIONS_TOPIC,
  server: pubSubServer(config.PUBSUB_EMULATOR_HOST),
  // Google waits for the answer, and sends again what it gets none for: no long patience.
  giveUpAfterMs: 5_000,
  answerWithinMs: 2_000,
});

async function receive(request: Request, response: Response): Promise<void> {
  const startedAt = Date.now();
  const refuse = (status: number, reason: string): void => {
    log.warning(
      'notification refused',
      { status, reason },
      { metric: 'notification', outcome: 'refused', ms: Date.now() - startedAt },
    );
    response.status(status).type('text/plain').send(`${reason}\n`);
  };
  if (request.method !== 'POST') {
    response.set('Allow', 'POST');
    return refuse(405, 'only POST is answered here');
  }
  // Not `headers`, where one that came several times is joined to one that never was sent.
  const read = readHeaders(request.headersDistinct, startedAt);
  if (!read.ok) return refuse(400, read.problem);
  const { channelId, messageNumber, resourceState } = read.data;
  const verified = verifyToken(config.CHANNEL_TOKEN_KEYS, channelId, read.token);
  if (!verified.ok) return refuse(403, `x-goog-channel-token does not verify (${verified.reason})`);
  const fields = { watch: verified.watchId, channel: channelId, state: resourceState, number: messageNumber };
  try {
    await publish(pushMessage(verified.watchId, read.data));
  } catch (error) {
    log.error(
      'notification not published',
      { ...fields, error: errorText(error) },
      { metric: 'notification', outcome: 'unpublished', ms: Date.now() - startedAt },
    );
    response.status(503).type('text/plain').send('cannot publish now, please send again\n');
    return;
  }
  log.info('notification published', fields, {
    metric: 'notification',
    outcome: 'published',
    ms: Date.now() - startedAt,
  });
  response.status(204).send();
}

http('receive', (request, response) => shutdown.track(() => receive(request, response)));
