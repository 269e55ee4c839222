import type * as z from 'zod';

import { unknown, type Finding } from './finding.ts';

/** Google Cloud's REST APIs, as far as the doctor reads them. */

/** The APIs by the first part of their host's name. */
type CloudService = 'serviceusage' | 'firestore' | 'cloudfunctions' | 'cloudscheduler' | 'secretmanager';

/** What came of looking at something. */
export type Looked<T> =
  | { readonly state: 'found'; readonly value: T }
  | { readonly state: 'missing' }
  /** `because` says why nobody knows. */
  | { readonly state: 'unknown'; readonly because: string; readonly mend?: string };

export interface CloudApi {
  /** Reads one resource; `path` begins with the API's version. */
  readonly look: <T>(service: CloudService, path: string, schema: z.ZodType<T>) => Promise<Looked<T>>;
}

const TIMEOUT_MS = 15_000;

const hostOf = (service: CloudService, rootUrl: string | undefined): string =>
  rootUrl === undefined ? `https://${service}.googleapis.com` : `${rootUrl.replace(/\/+$/, '')}/${service}`;

/**
 * @param rootUrl where all APIs are, each below its name; Google's own hosts by default.
 * @param token makes an access token for Google Cloud.
 */
export function createCloudApi(
  rootUrl: string | undefined,
  project: string,
  token: () => Promise<string>,
): CloudApi {
  return {
    look: async (service, path, schema) => {
      let status: number;
      let body: unknown;
      try {
        const response = await fetch(`${hostOf(service, rootUrl)}/${path}`, {
          headers: {
            authorization: `Bearer ${await token()}`,
            // The login of a person has no project of its own, in which APIs would be enabled and counted.
            'x-goog-user-project': project,
          },
          redirect: 'error',
          signal: AbortSignal.timeout(TIMEOUT_MS),
        });
        status = response.status;
        body = await response.json();
      } catch {
        return { state: 'unknown', because: `${service}.googleapis.com does not answer` };
      }
      if (status === 404) return { state: 'missing' };
      if (status === 401 || status === 403) {
        const mend = /SERVICE_DISABLED/.test(JSON.stringify(body))
          ? `gcloud services enable ${service}.googleapis.com --project=${project}`
          : `have roles/viewer granted to you in ${project}`;
        return { state: 'unknown', because: 'you may not look', mend };
      }
      const parsed = schema.safeParse(body);
      if (status === 200 && parsed.success) return { state: 'found', value: parsed.data };
      return { state: 'unknown', because: `${service}.googleapis.com answered with ${String(status)}` };
    },
  };
}

/** The finding for what nobody knows. */
export const notKnown = (what: string, looked: Extract<Looked<unknown>, { state: 'unknown' }>): Finding =>
  unknown(what, looked.because, looked.mend);
