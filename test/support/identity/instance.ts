import { vi } from 'vitest';

/** Lets this process be an instance in Google Cloud with this metadata server, until `vi.unstubAllEnvs()`. */
export function becomeInstance(url: string): void {
  vi.stubEnv('GCE_METADATA_HOST', new URL(url).host);
  // In Cloud Run Google's library calls the metadata server without a time limit.
  vi.stubEnv('K_SERVICE', 'receive');
  vi.stubEnv('METADATA_SERVER_DETECTION', 'assume-present');
  vi.stubEnv('GOOGLE_APPLICATION_CREDENTIALS', '');
  // As deployed functions have it. Without it the library would look elsewhere, in gcloud for example.
  vi.stubEnv('GOOGLE_CLOUD_PROJECT', 'some-project');
  // No user's credentials are found here.
  vi.stubEnv('HOME', '/nonexistent');
}
