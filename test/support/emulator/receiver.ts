/** A receiver of notifications: an HTTP server that records requests and gives configured responses. */
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';

interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly method: string;
  readonly body: string;
  readonly state: string;
  readonly number: number;
  readonly channelId: string;
}

/** The response: a status (102 is followed by 500 as the final status), or `hangUp` to close the connection. */
type ReceiverAnswer = number | 'hangUp';

export interface Receiver {
  readonly url: string;
  readonly received: readonly Received[];
  /** Sets the responses from now on. The default is 204. */
  answerWith(decide: (received: Received) => ReceiverAnswer | Promise<ReceiverAnswer>): void;
  close(): Promise<void>;
}

/** Starts a receiver on a free port of 127.0.0.1. */
export async function startReceiver(): Promise<Receiver> {
  const received: Received[] = [];
  let decide: ((received: Received) => ReceiverAnswer | Promise<ReceiverAnswer>) | undefined;

  async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const notification = {
      headers: request.headers,
      method: request.method ?? '',
      body,
      state: String(request.headers['x-goog-resource-state']),
      number: Number(request.headers['x-goog-message-number']),
      channelId: String(request.headers['x-goog-channel-id']),
    };
    received.push(notification);
    const answer = (await decide?.(notification)) ?? 204;
    if (answer === 102) response.writeProcessing();
    if (answer === 'hangUp') response.destroy();
    else response.writeHead(answer === 102 ? 500 : answer).end();
  }

  const server = createServer((request, response) => {
    receive(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}/notifications`,
    received,
    answerWith(decision) {
      decide = decision;
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
