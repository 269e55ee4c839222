import * as z from 'zod';

import { invalid } from '../errors.ts';
import { routesOf } from '../kinds.ts';
import { policyRoutes } from '../policies.ts';
import { parse, patched, resourceSchema } from '../resource.ts';
import type { Call, Route } from '../routes.ts';

/**
 * IAM: service accounts and custom roles.
 * [accounts] https://cloud.google.com/iam/docs/reference/rest/v1/projects.serviceAccounts
 * [roles] https://cloud.google.com/iam/docs/reference/rest/v1/projects.roles
 */

const ACCOUNT = 'projects/{project}/serviceAccounts/{account}';

const accountSchema = z.object({
  // "must be 6-30 characters long, and match the regular expression [a-z]([-a-z0-9]*[a-z0-9])" [accounts.create]
  accountId: z.string().regex(/^[a-z][-a-z0-9]{4,28}[a-z0-9]$/),
  serviceAccount: resourceSchema.default({}),
});
const roleSchema = z.object({ roleId: z.string().regex(/^[\w.]{3,64}$/), role: resourceSchema.default({}) });

const accounts = routesOf({
  service: 'iam',
  version: 'v1',
  name: ACCOUNT,
  listed: 'accounts',
  envelope: 'serviceAccount',
  idOf: ({ body, cloud }) =>
    `${parse(accountSchema, body).accountId}@${cloud.project.id}.iam.gserviceaccount.com`,
  created: (resource, { cloud }, name) => {
    // "The unique, stable numeric ID for the service account"; "The OAuth 2.0 client ID" is the same number [accounts]
    const uniqueId = String(cloud.serial()).padStart(21, '1');
    const { serviceAccount } = parse(accountSchema, resource);
    return {
      ...serviceAccount,
      name,
      projectId: cloud.project.id,
      uniqueId,
      email: name.split('/').at(-1) ?? '',
      oauth2ClientId: uniqueId,
      etag: 'MDEwMjE5MjA=',
    };
  },
});

const setDisabled =
  (disabled: boolean) =>
  ({ cloud, ids }: Call): Record<string, never> => {
    const key = `iam/projects/${cloud.project.id}/serviceAccounts/${ids['account'] ?? ''}`;
    cloud.store.replace(key, { ...cloud.store.get(key), disabled });
    return {};
  };

/** A deleted role is kept for seven days and can be undeleted [roles.delete]. */
const setDeleted =
  (deleted: boolean) =>
  ({ cloud, ids }: Call) => {
    const key = `iam/projects/${cloud.project.id}/roles/${ids['role'] ?? ''}`;
    if (deleted && cloud.store.get(key)['deleted'] === true) throw invalid('The role is already deleted.');
    cloud.store.replace(key, { ...cloud.store.get(key), deleted });
    return cloud.store.get(key);
  };

const roles = routesOf({
  service: 'iam',
  version: 'v1',
  name: 'projects/{project}/roles/{role}',
  idOf: ({ body }) => parse(roleSchema, body).roleId,
  created: (resource, _, name) =>
    patched(parse(roleSchema, resource).role, { name, etag: 'BwVxBkFjRvI=' }, null),
});

export const serviceAccountRoutes: readonly Route[] = [
  ...accounts,
  { method: 'POST', pattern: `v1/${ACCOUNT}:enable`, handle: setDisabled(false) },
  { method: 'POST', pattern: `v1/${ACCOUNT}:disable`, handle: setDisabled(true) },
  ...policyRoutes('iam', 'v1', ACCOUNT, { read: 'POST' }),
  { method: 'DELETE', pattern: 'v1/projects/{project}/roles/{role}', handle: setDeleted(true) },
  { method: 'POST', pattern: 'v1/projects/{project}/roles/{role}:undelete', handle: setDeleted(false) },
  ...roles,
];
