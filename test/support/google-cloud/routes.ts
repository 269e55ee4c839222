import type { Cloud } from './cloud.ts';
import type { Resource } from './resource.ts';

/** Methods of the APIs, and which of them a request calls. */

export interface CloudRequest {
  readonly method: string;
  /** Below the service's root, with ids of projects instead of numbers: `v1/projects/p/topics/t`. Percent-encoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly contentType: string;
  readonly bytes: Buffer;
  /** The body as JSON; empty if there is none. */
  readonly body: Resource;
  /** Root of the stand-in, for links in responses. */
  readonly url: string;
}

/** Bytes as they are. */
export class Raw {
  readonly bytes: Buffer;
  readonly headers: Readonly<Record<string, string>>;

  constructor(bytes: Buffer, headers: Readonly<Record<string, string>>) {
    this.bytes = bytes;
    this.headers = headers;
  }
}

export interface Call extends CloudRequest {
  readonly cloud: Cloud;
  /** The ids in the path, decoded. */
  readonly ids: Readonly<Record<string, string>>;
}

type Handle = (call: Call) => Resource | Raw | undefined;

export interface Route {
  readonly method: string;
  /** As Google documents it: `v1/projects/{project}/topics/{topic}:getIamPolicy`. */
  readonly pattern: string;
  readonly handle: Handle;
}

/** Returns an id as a segment of a name. */
export const encodeSlash = (id: string): string => id.replaceAll('/', '%2F');

/** Ids end before the colon of a custom method (https://google.aip.dev/136). `{object+}` is an id that may have colons. */
function compile(pattern: string): RegExp {
  const source = pattern
    .replace(/[.()*]/g, String.raw`\$&`)
    .replace(/\{(\w+)\+\}/g, '(?<$1>[^/]+)')
    .replace(/\{(\w+)\}/g, '(?<$1>[^/:]+)');
  return new RegExp(`^${source}$`);
}

export type Router = (
  method: string,
  path: string,
) => { readonly route: Route; readonly ids: Record<string, string> } | undefined;

export function createRouter(routes: readonly Route[]): Router {
  const compiled = routes.map((route) => ({ route, expression: compile(route.pattern) }));
  return (method, path) => {
    for (const { route, expression } of compiled) {
      if (route.method !== method) continue;
      const groups = expression.exec(path)?.groups ?? (expression.test(path) ? {} : undefined);
      if (groups === undefined) continue;
      // A slash within an id stays encoded, so that an id is one segment of a name.
      const ids = Object.entries(groups).map(([name, value]) => [
        name,
        encodeSlash(decodeURIComponent(value)),
      ]);
      return { route, ids: Object.fromEntries(ids) };
    }
    return undefined;
  };
}

/** Returns the name that a pattern stands for: `projects/{project}/topics/{topic}` with the ids put in. */
export const fill = (pattern: string, ids: Readonly<Record<string, string>>): string =>
  pattern.replace(/\{(\w+)\}/g, (_, name: string) => ids[name] ?? '');
