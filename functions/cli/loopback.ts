import { createServer } from 'node:http';

import { Failure } from './failure.ts';
import { readRedirect, type Redirect } from './redirect.ts';

/** A port of this machine to which a browser is sent back (RFC 8252, 7.3). */

type Answer = Exclude<Redirect, { is: 'foreign' }>;

export interface Loopback {
  readonly uri: string;
  /** The first answer to what was asked. @throws {Failure} when none comes in time. */
  readonly answer: (timeoutSeconds: number) => Promise<Answer>;
  readonly close: () => void;
}

const PAGES: Readonly<Record<Redirect['is'], readonly [number, string]>> = {
  code: [200, 'Thank you. You can close this page; the command line says whether all is well.'],
  refused: [200, 'Nothing was granted. You can close this page.'],
  foreign: [404, 'This is not the answer that calendar-mirror waits for.'],
};

/** Listens on a free port, or on the one given, for an answer with this `state`. @throws {Failure} where the port is taken. */
export async function listenForRedirect(state: string, port: number | undefined): Promise<Loopback> {
  const { promise: answered, resolve } = Promise.withResolvers<Answer>();
  const server = createServer(({ method, url = '/' }, response) => {
    const redirect = method === 'GET' ? readRedirect(url, state) : ({ is: 'foreign' } as const);
    const [status, page] = PAGES[redirect.is];
    // The address holds a code: it goes to nobody else, and no copy of the page stays.
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
      port === undefined ? 'no port of this machine is free' : `port ${String(port)} cannot be listened on`,
      'give another --port, or none',
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
        const what = `nobody has consented within ${String(timeoutSeconds)} s`;
        late.reject(new Failure(what, 'run it again, and open the address that it prints'));
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
