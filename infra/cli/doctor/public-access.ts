import * as z from 'zod';

import { lookupFailure, type CloudApi } from './cloud-api.ts';
import { unknown, well, wrong, type Finding } from './finding.ts';

/**
 * Checks that the organisation allows the grant to allUsers that makes receive public.
 * https://cloud.google.com/resource-manager/docs/organization-policy/restricting-domains
 */

const WHAT = 'public access';

const CONSTRAINT = 'constraints/iam.allowedPolicyMemberDomains';

/** https://cloud.google.com/resource-manager/reference/rest/Shared.Types/ListPolicy */
const policySchema = z.object({
  listPolicy: z
    .object({ allValues: z.string().nullish(), allowedValues: z.array(z.string()).nullish() })
    .nullish(),
});
type Policy = z.infer<typeof policySchema>;

/** Judges the effective policy of a project. Pure. */
export function judgePublicAccess({ listPolicy }: Policy, project: string): Finding {
  const customers = listPolicy?.allowedValues ?? [];
  if (listPolicy?.allValues !== 'DENY' && customers.length === 0) {
    return well(WHAT, 'the organisation allows the grant to allUsers');
  }
  return wrong(
    WHAT,
    `the organisation of ${project} allows grants to members of its own domains only (${CONSTRAINT}), and receive is to be granted to allUsers`,
    'set public_access = "check-disabled" in terraform.tfvars',
  );
}

/** Checks whether the project's organisation allows a grant to allUsers. */
export async function examinePublicAccess(api: CloudApi, project: string): Promise<readonly Finding[]> {
  const { cloudresourcemanager } = await import('googleapis/build/src/apis/cloudresourcemanager/index.js');
  const result = await api.get('cloudresourcemanager', policySchema, (options) =>
    cloudresourcemanager('v1').projects.getEffectiveOrgPolicy(
      { resource: `projects/${project}`, requestBody: { constraint: CONSTRAINT } },
      options,
    ),
  );
  if (result.state === 'found') return [judgePublicAccess(result.value, project)];
  if (result.state === 'missing') return [unknown(WHAT, 'the project has no organisation policy')];
  // roles/viewer does not always contain orgpolicy.policy.get.
  const { says } = lookupFailure(WHAT, result);
  return [
    unknown(
      WHAT,
      says,
      `ask an administrator of the organisation whether ${CONSTRAINT} holds for ${project}; if so, set public_access = "check-disabled" in terraform.tfvars`,
    ),
  ];
}
