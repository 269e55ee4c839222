import { routesOf } from '../kinds.ts';
import type { Route } from '../routes.ts';

/** Artifact Registry. [repositories] https://cloud.google.com/artifact-registry/docs/reference/rest/v1/projects.locations.repositories */

export const artifactRegistryRoutes: readonly Route[] = routesOf({
  service: 'artifactregistry',
  version: 'v1',
  name: 'projects/{project}/locations/{location}/repositories/{repository}',
  // The provider's spelling and that of the reference [repositories.create].
  idOf: ({ query }) => query.get('repository_id') ?? query.get('repositoryId') ?? undefined,
  operationsIn: 'projects/{project}/locations/{location}',
  created: (repository, { cloud, ids }, name) => ({
    ...repository,
    mode: repository['mode'] ?? 'STANDARD_REPOSITORY',
    createTime: cloud.timestamp(),
    updateTime: cloud.timestamp(),
    // "The repository endpoint, for example: us-docker.pkg.dev/my-proj/my-repo." [repositories]
    registryUri: `${ids['location'] ?? ''}-docker.pkg.dev/${cloud.project.id}/${name.split('/').at(-1) ?? ''}`,
    vulnerabilityScanningConfig: { enablementState: 'SCANNING_DISABLED' },
  }),
  updated: (after, _, { cloud }) => ({ ...after, updateTime: cloud.timestamp() }),
  hasPolicy: true,
});
