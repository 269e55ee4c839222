import { createServer } from 'node:http';

import { Failure } from '../failure.ts';
import { readRedirect, type Redirect } from './redirect.ts';

/** A loopback port that receives the browser's redirect. https://www.rfc-editor.org/rfc/rfc8252#section-7.3 */

type Answer = Exclude<Redirect, { is: 'foreign' }>;

export interface Loopback {
  readonly uri: string;
  /** Resolves with the first valid redirect. @throws {Failure} on timeout. */
  readonly answer: (timeoutSeconds: number) => Promise<Answer>;
  readonly close: () => void;
}

const PAGES: Readonly<Record<Redirect['is'], readonly [number, string]>> = {
  code: [200, 'Thank you. You can close this page and return to the command line for the result.'],
  consentDenied: [200, 'Access was not granted. You can close this page.'],
  foreign: [404, 'This is not the response that calendar-mirror is waiting for.'],
};

/** Listens on `port`, or on a free one, for a redirect with this `state`. @throws {Failure} if the port is in use. */
export async function listenForRedirect(state: string, port: number | undefined): Promise<Loopback> {
  const { promise: answered, resolve } = Promise.withResolvers<Answer>();
  const server = createServer(({ method, url = '/' }, response) => {
    const redirect = method === 'GET' ? readRedirect(url, state) : ({ is: 'foreign' } as const);
    const [status, page] = PAGES[redirect.is];
    // The URL contains the code: keep it out of Referer headers and caches.
    response.writeHead(status, {
      'content-type': 'text/plain; charset=utf-8',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
      connection: 'close',
    });
    response.end(`${page}\n`, () => {
      if (redirect.is !== 'foreign') resolve(redirect);
    });
  });
  const { promise: listening, resolve: listens, reject } = Promise.withResolvers<undefined>();
  server.once('error', reject).listen(port ?? 0, '127.0.0.1', () => listens(undefined));
  try {
    await listening;
  } catch (cause) {
    throw new Failure(
      port === undefined ? 'no free port on 127.0.0.1' : `cannot listen on port ${String(port)}`,
      'use another --port, or omit it',
      { cause },
    );
  }
  const address = server.address();
  const bound = typeof address === 'object' && address !== null ? address.port : port;
  return {
    uri: `http://127.0.0.1:${String(bound)}`,
    answer: async (timeoutSeconds) => {
      const late = Promise.withResolvers<never>();
      const timer = setTimeout(() => {
        const what = `no consent within ${String(timeoutSeconds)} s`;
        late.reject(new Failure(what, 'run it again, and open the URL that it prints'));
      }, timeoutSeconds * 1000);
      try {
        return await Promise.race([answered, late.promise]);
      } finally {
        clearTimeout(timer);
      }
    },
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
