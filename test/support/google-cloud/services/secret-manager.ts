import * as z from 'zod';

import { CloudError, notFound } from '../errors.ts';
import { routesOf } from '../kinds.ts';
import { asResponse, parse, textIn, type Resource } from '../resource.ts';
import { fill, type Call, type Route } from '../routes.ts';

/**
 * Secret Manager. Names in responses have the number of the project.
 * [secrets] https://cloud.google.com/secret-manager/docs/reference/rest/v1/projects.secrets
 * [versions] https://cloud.google.com/secret-manager/docs/reference/rest/v1/projects.secrets.versions
 */

const SECRET = 'projects/{project}/secrets/{secret}';
const VERSION = `${SECRET}/versions/{version}`;

const payloadSchema = z.object({ payload: z.object({ data: z.base64() }) });

const numbered = (name: string, { cloud: { project } }: Call): string =>
  name.replace(`projects/${project.id}/`, `projects/${project.number}/`);

const tagged = (resource: Resource, call: Call, name: string): Resource => ({
  ...resource,
  name: numbered(name, call),
  // "Etag of the currently stored Secret" [secrets]
  etag: `"${call.cloud.serial().toString(16)}"`,
});

/** The payloads, which only `access` returns. */
const payloadKey = (key: string): string => key.replace(/^secretmanager/, 'secret-payloads');

function addVersion(call: Call): Resource {
  const { cloud, ids, body } = call;
  const { store } = cloud;
  const secret = fill(SECRET, ids);
  store.get(`secretmanager/${secret}`);
  const { payload } = parse(payloadSchema, body);
  const number = store.list(`secretmanager/${secret}/versions`).length + 1;
  const name = `${secret}/versions/${String(number)}`;
  const version = { state: 'ENABLED', createTime: cloud.timestamp(), replicationStatus: { automatic: {} } };
  store.insert(`secretmanager/${name}`, tagged(version, call, name));
  store.insert(payloadKey(`secretmanager/${name}`), { data: payload.data });
  return store.get(`secretmanager/${name}`);
}

/** Returns a version's key. "latest" is an alias of the newest version [versions.access]. */
function keyOf({ cloud, ids }: Call): string {
  const secret = `secretmanager/${fill(SECRET, ids)}`;
  const newest = cloud.store.list(`${secret}/versions`).length;
  const key = `${secret}/versions/${ids['version'] === 'latest' ? String(newest) : (ids['version'] ?? '')}`;
  if (cloud.store.find(key) === undefined) {
    throw notFound(`Secret Version [${key.replace(/^secretmanager\//, '')}] not found.`);
  }
  return key;
}

/** A destroyed version stays destroyed: 400 [versions.enable]. */
const setState =
  (state: 'ENABLED' | 'DISABLED' | 'DESTROYED') =>
  (call: Call): Resource => {
    const { store, timestamp } = call.cloud;
    const key = keyOf(call);
    if (store.get(key)['state'] === 'DESTROYED') {
      throw new CloudError('FAILED_PRECONDITION', 'SecretVersion.state is already DESTROYED.');
    }
    const isGone = state === 'DESTROYED';
    store.replace(key, { ...store.get(key), state, ...(isGone && { destroyTime: timestamp() }) });
    return store.get(key);
  };

/** The number of a version. */
const numberOf = (version: Resource): number => Number(textIn(version, 'name').split('/').at(-1));

function access(call: Call): Resource {
  const { store } = call.cloud;
  const key = keyOf(call);
  const version = store.get(key);
  const [name, state] = [textIn(version, 'name'), textIn(version, 'state')];
  if (state !== 'ENABLED') {
    throw new CloudError('FAILED_PRECONDITION', `Secret Version [${name}] is in ${state} state.`);
  }
  return { name, payload: store.get(payloadKey(key)) };
}

export const secretManagerRoutes: readonly Route[] = [
  ...routesOf({
    service: 'secretmanager',
    version: 'v1',
    name: SECRET,
    created: (secret, call, name) => tagged({ ...secret, createTime: call.cloud.timestamp() }, call, name),
    updated: (after, _, call, name) => tagged(after, call, name),
    deleted: (_, { cloud: { store } }, name) => {
      const payloads = payloadKey(`secretmanager/${name}/`);
      for (const key of store.keys()) if (key.startsWith(payloads)) store.remove(key);
    },
    hasPolicy: true,
  }),
  { method: 'POST', pattern: `v1/${SECRET}:addVersion`, handle: addVersion },
  {
    method: 'GET',
    pattern: `v1/${SECRET}/versions`,
    handle: ({ cloud, ids }) =>
      // "The list … sorted in reverse by createTime (newest first)" [versions.list]
      asResponse({
        versions: cloud.store
          .list(`secretmanager/${fill(SECRET, ids)}/versions`)
          .toSorted((a, b) => numberOf(b) - numberOf(a)),
      }),
  },
  { method: 'GET', pattern: `v1/${VERSION}`, handle: (call) => call.cloud.store.get(keyOf(call)) },
  { method: 'GET', pattern: `v1/${VERSION}:access`, handle: access },
  { method: 'POST', pattern: `v1/${VERSION}:enable`, handle: setState('ENABLED') },
  { method: 'POST', pattern: `v1/${VERSION}:disable`, handle: setState('DISABLED') },
  { method: 'POST', pattern: `v1/${VERSION}:destroy`, handle: setState('DESTROYED') },
];
