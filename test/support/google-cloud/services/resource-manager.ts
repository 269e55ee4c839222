import * as z from 'zod';

import { policyRoutes } from '../policies.ts';
import { parse, type Resource } from '../resource.ts';
import type { Call, Route } from '../routes.ts';

/** The project and its IAM policy. https://cloud.google.com/resource-manager/reference/rest/v1/projects */

/**
 * The effective policy on members of other domains. Where nothing is set, it is the constraint's default: everything is allowed.
 * https://cloud.google.com/resource-manager/reference/rest/v1/projects/getEffectiveOrgPolicy
 */
function effectivePolicy({ cloud: { refusals }, body }: Call): Resource {
  const { constraint } = parse(
    z.object({ constraint: z.literal('constraints/iam.allowedPolicyMemberDomains') }),
    body,
  );
  const listPolicy = refusals.allUsersForbidden ? { allowedValues: ['C03xgje4y'] } : { allValues: 'ALLOW' };
  return { constraint, listPolicy };
}

export const resourceManagerRoutes: readonly Route[] = [
  {
    method: 'GET',
    pattern: 'v1/projects/{project}',
    handle: ({ cloud: { project } }) => ({
      projectId: project.id,
      // "int64 format": a string in JSON
      projectNumber: project.number,
      name: project.id,
      lifecycleState: 'ACTIVE',
      createTime: '2030-01-01T00:00:00Z',
    }),
  },
  {
    method: 'POST',
    pattern: 'v1/projects/{project}:getEffectiveOrgPolicy',
    handle: effectivePolicy,
  },
  ...policyRoutes('cloudresourcemanager', 'v1', 'projects/{project}', { read: 'POST', isStored: false }),
];
