/** Discovery: what clients such as Python's `googleapiclient.discovery.build` read before their first call. */
import { loadDefinition } from '../definition/definition.ts';
import { jsonReply } from '../protocol/exchange.ts';
import type { HttpReply, HttpRequest, Site } from '../protocol/exchange.ts';
import { CalendarError } from '../protocol/http.ts';
import { discoveryDirectory, discoveryDocument } from './document.ts';

/**
 * Returns the discovery routes: `/discovery/v1/apis`, `/discovery/v1/apis/calendar/v3/rest` and `/$discovery/rest?version=v3`. They
 * need no credentials, as with Google. Another API or version is answered with 404.
 * @param served the ids of the methods that have a route
 */
export function createDiscovery(served: ReadonlySet<string>): Site {
  return async (request) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return undefined;
    const wanted = wantedBy(request.url);
    if (wanted === undefined) return undefined;
    const definition = await loadDefinition();
    const root = request.url.origin;
    if (wanted === 'directory') return answer(request, discoveryDirectory(definition, root));
    const { name, version } = wanted;
    if (name !== definition.name || version !== definition.version) {
      return jsonReply(404, unknownApi().body());
    }
    return answer(request, discoveryDocument(definition, served, root));
  };
}

/** Returns what a URL asks for, or undefined if it is not a URL of discovery. */
function wantedBy({ pathname, searchParams: query }: URL) {
  if (pathname === '/discovery/v1/apis') return 'directory';
  const [, name, version] = /^\/discovery\/v1\/apis\/([^/]+)\/([^/]+)\/rest$/.exec(pathname) ?? [];
  if (name !== undefined) return { name, version };
  // Without a version, this form is for the only one.
  if (/^\/(?:\$|%24)discovery\/rest$/.test(pathname))
    return { name: 'calendar', version: query.get('version') ?? 'v3' };
  return undefined;
}

const answer = (request: HttpRequest, value: object): HttpReply =>
  jsonReply(200, value, {}, request.url.searchParams.get('prettyPrint') !== 'false');

const unknownApi = (): CalendarError =>
  new CalendarError(
    404,
    { domain: 'global', reason: 'notFound', message: 'Requested entity was not found.' },
    { status: 'NOT_FOUND' },
  );
