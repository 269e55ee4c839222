/** Finds the route of a request. */
import { canonicalAddress } from '../protocol/address.ts';
import type { Route } from '../protocol/http.ts';

export interface Match {
  readonly route: Route;
  /** Path parameters, percent-decoded; calendar ids as the server keeps them. */
  readonly params: Readonly<Record<string, string>>;
}

export type Router = (method: string, path: string) => Match | undefined;

/**
 * Returns the function that finds the route for an HTTP method and a path (percent-encoded, below the base path). A literal
 * segment has precedence over a parameter: `/events/import` does not name an event.
 */
export function createRouter(routes: readonly Route[]): Router {
  const compiled = routes.map((route) => ({ route, segments: route.path.split('/') }));
  return (method, path) => {
    const wanted = path.split('/');
    let best: { match: Match; literals: number } | undefined;
    for (const { route, segments } of compiled) {
      if (route.method !== method || segments.length !== wanted.length) continue;
      const params = bind(segments, wanted);
      const literals = segments.filter((segment) => !segment.startsWith(':')).length;
      if (params && literals > (best?.literals ?? -1)) best = { match: { route, params }, literals };
    }
    return best?.match;
  };
}

function bind(segments: readonly string[], wanted: readonly string[]): Record<string, string> | undefined {
  const params: Record<string, string> = {};
  for (const [index, segment] of segments.entries()) {
    const value = decode(wanted[index] ?? '');
    if (value === undefined) return undefined;
    if (segment.startsWith(':')) {
      if (value === '') return undefined;
      const name = segment.slice(1);
      params[name] = name === 'calendarId' ? canonicalAddress(value) : value;
    } else if (segment !== value) {
      return undefined;
    }
  }
  return params;
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
