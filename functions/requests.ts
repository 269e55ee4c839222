import { subscribe } from 'node:diagnostics_channel';
import { IncomingMessage, ServerResponse } from 'node:http';

type Listener = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * Has Node tell of each request from now on, before the framework sees it ("Diagnostics Channel: built-in channels"). To be called
 * before the framework starts to serve.
 */
export function onRequest(listener: Listener): void {
  subscribe('http.server.request.start', (message) => {
    if (typeof message !== 'object' || message === null) return;
    if (!('request' in message) || !(message.request instanceof IncomingMessage)) return;
    if (!('response' in message) || !(message.response instanceof ServerResponse)) return;
    listener(message.request, message.response);
  });
}
