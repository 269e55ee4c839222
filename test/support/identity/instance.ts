import { vi } from 'vitest';

/** Lets this process be an instance in Google Cloud, whose metadata server is at that URL, until `vi.unstubAllEnvs()`. */
export function becomeInstance(url: string): void {
  vi.stubEnv('GCE_METADATA_HOST', new URL(url).host);
  vi.stubEnv('METADATA_SERVER_DETECTION', 'assume-present');
  vi.stubEnv('GOOGLE_APPLICATION_CREDENTIALS', '');
  // Nobody's login is found here.
  vi.stubEnv('HOME', '/nonexistent');
}
