/**
 * The discovery document of the Calendar API as this server has it (https://developers.google.com/discovery/v1/reference/apis): the
 * definition, with the methods that are served, and with the server's own address.
 */
import type { ApiDefinition } from '../definition/definition.ts';

/**
 * Returns the discovery document.
 * @param served the ids of the methods that have a route
 * @param root the address that the client sees, without a slash at its end: `http://localhost:9199`
 */
export function discoveryDocument(
  definition: ApiDefinition,
  served: ReadonlySet<string>,
  root: string,
): object {
  const { servicePath } = definition;
  const resources = Object.entries(definition.resources)
    .map(
      ([name, { methods }]) =>
        [name, Object.entries(methods).filter(([, { id }]) => served.has(id))] as const,
    )
    .filter(([, methods]) => methods.length > 0)
    .map(([name, methods]) => [name, { methods: Object.fromEntries(methods) }]);
  return {
    ...definition,
    rootUrl: `${root}/`,
    mtlsRootUrl: `${root}/`,
    baseUrl: `${root}/${servicePath}`,
    basePath: `/${servicePath}`,
    resources: Object.fromEntries(resources),
  };
}

/** Returns the directory of APIs (https://developers.google.com/discovery/v1/reference/apis/list). It has this one. */
export function discoveryDirectory({ id, name, version, title }: ApiDefinition, root: string): object {
  const item = {
    kind: 'discovery#directoryItem',
    id,
    name,
    version,
    title,
    discoveryRestUrl: `${root}/discovery/v1/apis/${name}/${version}/rest`,
    documentationLink: 'https://developers.google.com/workspace/calendar/firstapp',
    preferred: true,
  };
  return { kind: 'discovery#directoryList', discoveryVersion: 'v1', items: [item] };
}
