/**
 * A thread with a server that reads headers only, as receive does. A thread of its own, because the limits hold for each server of a
 * thread, and unit tests share theirs. It posts its port when it listens.
 */
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { parentPort } from 'node:worker_threads';
import { ignoreRequestBodies } from '../../functions/runtime/requests.ts';

// Long enough for a client that gets no processor between its connection and its request.
ignoreRequestBodies({
  maxHeaderSize: 1_000,
  headersTimeout: 2_000,
  requestTimeout: 2_500,
  connectionsCheckingInterval: 50,
});
const server = createServer((request, response) => {
  const { url: path, headers } = request;
  const answer = (body: string): unknown => response.end(JSON.stringify({ path, headers, body }));
  if (request.headers['x-read'] === undefined) answer('unread');
  else text(request).then(answer, () => undefined);
});
server.on('listening', () => {
  const address = server.address();
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port has no origin
  if (typeof address === 'object') parentPort?.postMessage(address?.port);
});
// As functions-framework does.
server.listen(0, '127.0.0.1').setTimeout(0);
