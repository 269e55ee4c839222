import { subscribe } from 'node:diagnostics_channel';
import { IncomingMessage, ServerResponse } from 'node:http';

type Listener = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * Calls `listener` with each request before the framework sees it. Call it before the framework starts to serve.
 * @see https://nodejs.org/api/diagnostics_channel.html
 */
export function onRequest(listener: Listener): void {
  subscribe('http.server.request.start', (message) => {
    if (typeof message !== 'object' || message === null) return;
    if (!('request' in message) || !(message.request instanceof IncomingMessage)) return;
    if (!('response' in message) || !(message.response instanceof ServerResponse)) return;
    listener(message.request, message.response);
  });
}
