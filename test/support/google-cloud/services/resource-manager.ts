import { policyRoutes } from '../policies.ts';
import type { Route } from '../routes.ts';

/** The project and its IAM policy. https://cloud.google.com/resource-manager/reference/rest/v1/projects */

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
  ...policyRoutes('cloudresourcemanager', 'v1', 'projects/{project}', { read: 'POST', isStored: false }),
];
