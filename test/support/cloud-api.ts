/**
 * Serves Google Cloud's APIs as the doctor reads them: one response for each resource, and 404 otherwise.
 * @see https://cloud.google.com/apis/design/errors for the form of errors
 */
import { createServer } from 'node:http';
import { listen } from '../../infra/emulator/wire/wire.ts';

export interface CloudApiServer {
  readonly url: string;
  /**
   * Responses by the API's name and the path without its query (`firestore/v1/…`). A further page of a list is under the path with its
   * token (`…#token`). A number is a status.
   */
  readonly resources: Map<string, object | number>;
  readonly close: () => Promise<void>;
}

const STATUSES: Readonly<Record<number, string>> = {
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
};

export async function startCloudApi(): Promise<CloudApiServer> {
  const resources = new Map<string, object | number>();
  const server = createServer(({ url = '/', headers }, response) => {
    const { pathname, searchParams } = new URL(url, 'http://localhost');
    const page = searchParams.get('pageToken');
    const at = decodeURIComponent(pathname.slice(1)) + (page === null ? '' : `#${page}`);
    const found = resources.get(at) ?? 404;
    const isAllowed = headers.authorization?.startsWith('Bearer ') === true;
    const code = isAllowed ? (typeof found === 'number' ? found : 200) : 401;
    const error = { code, message: 'as the test has it', status: STATUSES[code] ?? 'UNKNOWN' };
    response.writeHead(code, { 'content-type': 'application/json; charset=UTF-8' });
    response.end(JSON.stringify(typeof found === 'number' ? { error } : found));
  });
  const url = await listen(server, 0);
  return {
    url,
    resources,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
