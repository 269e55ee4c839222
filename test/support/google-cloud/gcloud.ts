import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { GoogleCloud } from './index.ts';
import { SERVICES } from './services/index.ts';

/**
 * Environment variables with which gcloud calls the stand-in and nothing else.
 * @param token a file with any token.
 * @see https://cloud.google.com/sdk/docs/properties
 */
export function gcloudEnvironment({ url, project }: GoogleCloud, token: string): Record<string, string> {
  const endpoints = Object.keys(SERVICES).map((name) => [
    `CLOUDSDK_API_ENDPOINT_OVERRIDES_${name.toUpperCase()}`,
    `${url}/${name}/${name === 'storage' ? 'storage/v1/' : ''}`,
  ]);
  const { hostname, port } = new URL(url);
  return {
    ...Object.fromEntries(endpoints),
    CLOUDSDK_CONFIG: join(tmpdir(), 'calendar-mirror-gcloud'),
    CLOUDSDK_CORE_PROJECT: project.id,
    CLOUDSDK_CORE_DISABLE_PROMPTS: '1',
    CLOUDSDK_CORE_DISABLE_USAGE_REPORTING: '1',
    CLOUDSDK_COMPONENT_MANAGER_DISABLE_UPDATE_CHECK: '1',
    CLOUDSDK_AUTH_ACCESS_TOKEN_FILE: token,
    // `gcloud run` puts the region in front of the host, and no resolver knows that name.
    CLOUDSDK_PROXY_TYPE: 'http',
    CLOUDSDK_PROXY_ADDRESS: hostname,
    CLOUDSDK_PROXY_PORT: port,
  };
}
