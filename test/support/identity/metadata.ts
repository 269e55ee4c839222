import { createServer } from 'node:http';

import { listen } from '../../../infra/emulator/wire/wire.ts';

/**
 * Starts a metadata server that returns another access token for each request. While it stalls, it accepts requests and never responds.
 * @see https://cloud.google.com/compute/docs/metadata/overview
 */
export async function startMetadata() {
  let stalled = false;
  let given = 0;
  let unanswered = 0;
  const server = createServer(({ url = '/' }, response) => {
    if (stalled) {
      unanswered += 1;
      return;
    }
    response.setHeader('metadata-flavor', 'Google');
    if (!/\/token\b/.test(url)) {
      response.setHeader('content-type', 'application/text').end('default');
      return;
    }
    given += 1;
    const token = { access_token: `token-${String(given)}`, expires_in: 3600, token_type: 'Bearer' };
    response.setHeader('content-type', 'application/json').end(JSON.stringify(token));
  });
  const url = await listen(server, 0);
  return {
    url,
    stall: (now = true): void => {
      stalled = now;
    },
    /** Returns how many tokens it has issued. */
    given: () => given,
    /** Returns how many requests it has left without a response. */
    unanswered: () => unanswered,
    close: async (): Promise<void> => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
