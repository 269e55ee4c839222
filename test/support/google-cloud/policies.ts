import * as z from 'zod';

import type { Cloud } from './cloud.ts';
import { CloudError, invalid } from './errors.ts';
import { parse, type Resource } from './resource.ts';
import { fill, type Call, type Route } from './routes.ts';

/** IAM policies. https://cloud.google.com/iam/docs/reference/rest/v1/Policy */

const bindingSchema = z.object({
  role: z.string(),
  members: z.array(z.string()).default([]),
  condition: z.record(z.string(), z.string()).optional(),
});
const policySchema = z.object({
  version: z.int().default(0),
  etag: z.string().optional(),
  bindings: z.array(bindingSchema).default([]),
});
type Policy = z.infer<typeof policySchema>;
type Binding = z.infer<typeof bindingSchema>;

export interface Policies {
  readonly get: (key: string) => Resource;
  /** @throws CloudError 409 if the etag is stale, 400 for a member that cannot be granted anything. */
  readonly set: (cloud: Cloud, key: string, policy: unknown) => Resource;
  /** Whether the member has had the role, without a condition, for `ms`. */
  readonly isGranted: (key: string, role: string, member: string, ms: number) => boolean;
  readonly remove: (key: string) => void;
}

/** One member of one binding. */
const grantsOf = (bindings: readonly Binding[]): readonly string[] =>
  bindings.flatMap(({ role, members, condition }) =>
    members.map((member) => JSON.stringify([role, member, condition?.['expression'] ?? null])),
  );

/** @throws CloudError if Google would not accept the member. */
function checkMember({ store, refusals, project, now }: Cloud, member: string): void {
  if (refusals.allUsersForbidden && (member === 'allUsers' || member === 'allAuthenticatedUsers')) {
    // The text of Cloud Run and Cloud Functions, as they forward it from IAM.
    throw new CloudError(
      'FAILED_PRECONDITION',
      'One or more users named in the policy do not belong to a permitted customer, perhaps due to an organization policy.',
    );
  }
  const isNew = (key: string): boolean =>
    store.find(key) === undefined || now() - store.createdAt(key) < refusals.accountDelayMs;
  const [, email = ''] = /^serviceAccount:(.+)$/.exec(member) ?? [];
  const missing = invalid(`Service account ${email} does not exist.`);
  const [, agentOf] = new RegExp(`^service-${project.number}@gcp-sa-(\\w+)\\.`).exec(email) ?? [];
  if (agentOf !== undefined) {
    if (refusals.lazyAgents && isNew(`agents/${agentOf}`)) throw missing;
  } else if (email.endsWith(`@${project.id}.iam.gserviceaccount.com`)) {
    if (isNew(`iam/projects/${project.id}/serviceAccounts/${email}`)) throw missing;
  }
}

export function createPolicies(now: () => number, serial: () => number): Policies {
  const policies = new Map<
    string,
    { readonly policy: Policy; readonly since: ReadonlyMap<string, number> }
  >();
  // "A base64-encoded string" [Policy, etag]
  const etag = (): string => Buffer.from(`etag-${String(serial())}`).toString('base64');
  const kept = (key: string) => {
    const found = policies.get(key) ?? {
      policy: { version: 1, etag: etag(), bindings: [] },
      since: new Map<string, number>(),
    };
    policies.set(key, found);
    return found;
  };
  const shown = ({ version, etag: tag = '', bindings }: Policy): Resource => ({
    version,
    etag: tag,
    ...(bindings.length > 0 && {
      bindings: bindings.map(({ role, members, condition }) => ({
        role,
        members,
        ...(condition && { condition }),
      })),
    }),
  });
  return {
    get: (key) => shown(kept(key).policy),
    set: (cloud, key, input) => {
      const before = kept(key);
      const wanted = parse(policySchema, input);
      // "If an etag is not provided … the existing policy is overwritten" [Policy, etag]
      if (wanted.etag !== undefined && wanted.etag !== '' && wanted.etag !== before.policy.etag) {
        throw new CloudError(
          'ABORTED',
          `There were concurrent policy changes. Please retry the whole read-modify-write with exponential backoff. The request's ETag '${wanted.etag}' did not match the current policy's ETag '${before.policy.etag ?? ''}'.`,
        );
      }
      const bindings = wanted.bindings.filter(({ members }) => members.length > 0);
      // "any operation that affects conditional role bindings must specify version 3" [Policy, version]
      if (wanted.version < 3 && bindings.some(({ condition }) => condition !== undefined)) {
        throw invalid('A policy with conditions must have version 3.');
      }
      const grants = grantsOf(bindings);
      for (const grant of grants) {
        const [, member] = parse(z.tuple([z.string(), z.string(), z.unknown()]), JSON.parse(grant));
        if (!before.since.has(grant)) checkMember(cloud, member);
      }
      const policy = { version: wanted.version, etag: etag(), bindings };
      policies.set(key, {
        policy,
        since: new Map(grants.map((grant) => [grant, before.since.get(grant) ?? now()])),
      });
      return shown(policy);
    },
    isGranted: (key, role, member, ms) => {
      const at = policies.get(key)?.since.get(JSON.stringify([role, member, null]));
      return at !== undefined && now() - at >= ms;
    },
    remove: (key) => {
      policies.delete(key);
    },
  };
}

/**
 * The methods getIamPolicy and setIamPolicy of a resource.
 * @param pattern the resource's name without the version; it must be in the store if `isStored`.
 */
export function policyRoutes(
  service: string,
  version: string,
  pattern: string,
  { read = 'GET', isStored = true }: { readonly read?: 'GET' | 'POST'; readonly isStored?: boolean } = {},
): readonly Route[] {
  const keyOf = ({ cloud, ids }: Call): string => {
    const key = `${service}/${fill(pattern, ids)}`;
    if (isStored) cloud.store.get(key);
    return key;
  };
  return [
    {
      method: read,
      pattern: `${version}/${pattern}:getIamPolicy`,
      handle: (call) => call.cloud.policies.get(keyOf(call)),
    },
    {
      method: 'POST',
      pattern: `${version}/${pattern}:setIamPolicy`,
      handle: (call) => call.cloud.policies.set(call.cloud, keyOf(call), call.body['policy']),
    },
  ];
}
