import * as z from 'zod';

import { unknown, type Finding } from './finding.ts';

/**
 * Calls Google Cloud's APIs with their typed clients. Each check imports only the client that it needs, because loading all of them
 * takes seconds.
 */

/** The APIs, named by the first label of their host. */
type CloudService =
  | 'serviceusage'
  | 'firestore'
  | 'cloudfunctions'
  | 'cloudresourcemanager'
  | 'cloudscheduler'
  | 'run'
  | 'cloudkms'
  | 'secretmanager'
  | 'monitoring'
  | 'storage';

/** The path of an API below `CLOUD_API_ROOT_URL`. Those of Cloud Storage start with its name anyway. */
const pathOf = (service: CloudService): string => (service === 'storage' ? '' : `${service}/`);

/** The result of a lookup. */
export type LookupResult<T> =
  | { readonly state: 'found'; readonly value: T }
  | { readonly state: 'missing' }
  /** `because` says why the lookup failed. */
  | { readonly state: 'unknown'; readonly because: string; readonly fix?: string };

/** Request options of a client's method. */
interface CallOptions {
  readonly rootUrl?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeout: number;
}

/** A client's method with its parameters bound. */
type Call = (options: CallOptions, pageToken: string | undefined) => Promise<{ readonly data: unknown }>;

export interface CloudApi {
  /** Reads one resource. */
  readonly get: <T>(service: CloudService, schema: z.ZodType<T>, call: Call) => Promise<LookupResult<T>>;
  /** Reads all pages of a list. */
  readonly list: <T>(
    service: CloudService,
    schema: z.ZodType<T>,
    call: Call,
  ) => Promise<LookupResult<readonly T[]>>;
}

const TIMEOUT_MS = 15_000;
/** Far more than any project needs. Guards against a page token that repeats. */
const MOST_PAGES = 100;

const paged = z.object({ nextPageToken: z.string().nullish() });

const failure = z.object({
  response: z.object({ status: z.number(), data: z.unknown() }).optional(),
});

/**
 * Creates the client for Google Cloud's APIs.
 * @param rootUrl the base URL of all APIs, each below its name; by default Google's own hosts.
 * @param token returns an access token for Google Cloud.
 */
export function createCloudApi(
  rootUrl: string | undefined,
  project: string,
  token: () => Promise<string>,
): CloudApi {
  const optionsFor = async (service: CloudService): Promise<CallOptions> => ({
    ...(rootUrl === undefined ? {} : { rootUrl: `${rootUrl.replace(/\/+$/, '')}/${pathOf(service)}` }),
    headers: {
      authorization: `Bearer ${await token()}`,
      // User credentials have no project of their own, so the quota project must be named.
      // https://cloud.google.com/apis/docs/system-parameters
      'x-goog-user-project': project,
    },
    timeout: TIMEOUT_MS,
  });

  /** Returns the fix for a denied lookup, by the reason in the error's details. https://cloud.google.com/apis/design/errors#error_info */
  function accessFix(error: string, host: string): string {
    if (error.includes('SERVICE_DISABLED')) return `gcloud services enable ${host} --project=${project}`;
    // Permission to read does not include permission to use the project's quota.
    const role = error.includes('USER_PROJECT_DENIED')
      ? 'roles/serviceusage.serviceUsageConsumer'
      : 'roles/viewer';
    return `ask for ${role} in ${project}`;
  }

  function failed(service: CloudService, error: unknown): Exclude<LookupResult<never>, { state: 'found' }> {
    const host = `${service}.googleapis.com`;
    const { response } = failure.safeParse(error).data ?? {};
    if (response === undefined) return { state: 'unknown', because: `${host} did not respond` };
    const { status, data } = response;
    if (status === 404) return { state: 'missing' };
    if (status !== 401 && status !== 403) {
      return { state: 'unknown', because: `${host} responded with ${String(status)}` };
    }
    return {
      state: 'unknown',
      because: 'access denied',
      fix: accessFix(JSON.stringify(data) ?? '', host),
    };
  }

  async function read<T>(
    service: CloudService,
    schema: z.ZodType<T>,
    call: Call,
    most: number,
  ): Promise<LookupResult<readonly T[]>> {
    const found: T[] = [];
    let pageToken: string | undefined;
    try {
      const options = await optionsFor(service);
      do {
        const { data } = await call(options, pageToken);
        const parsed = schema.safeParse(data);
        if (!parsed.success) {
          return { state: 'unknown', because: `${service}.googleapis.com returned an unexpected response` };
        }
        found.push(parsed.data);
        pageToken = paged.safeParse(data).data?.nextPageToken || undefined;
      } while (pageToken !== undefined && found.length < most);
    } catch (error) {
      return failed(service, error);
    }
    return { state: 'found', value: found };
  }

  return {
    get: async (service, schema, call) => {
      const result = await read(service, schema, call, 1);
      if (result.state !== 'found') return result;
      const [value] = result.value;
      return value === undefined ? { state: 'missing' } : { state: 'found', value };
    },
    list: (service, schema, call) => read(service, schema, call, MOST_PAGES),
  };
}

/** Returns the finding for a failed lookup. */
export const lookupFailure = (
  what: string,
  result: Extract<LookupResult<unknown>, { state: 'unknown' }>,
): Finding => unknown(what, result.because, result.fix);
