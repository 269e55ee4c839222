/** Google Cloud's APIs as the doctor reads them: one answer for each resource, and 404 where there is none. */
import { createServer } from 'node:http';
import { listen } from '../../infra/local/calendar/wire.ts';

export interface CloudApiServer {
  readonly url: string;
  /** What is there, by the API's name and the path without its query (`firestore/v1/…`). A number is a status. */
  readonly resources: Map<string, object | number>;
  readonly close: () => Promise<void>;
}

export async function startCloudApi(): Promise<CloudApiServer> {
  const resources = new Map<string, object | number>();
  const server = createServer(({ url = '/', headers }, response) => {
    const found = resources.get(decodeURIComponent(url.slice(1).split('?')[0] ?? '')) ?? 404;
    const isAllowed = headers.authorization?.startsWith('Bearer ') === true;
    const status = isAllowed ? (typeof found === 'number' ? found : 200) : 401;
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(typeof found === 'number' ? { error: { code: status } } : found));
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
