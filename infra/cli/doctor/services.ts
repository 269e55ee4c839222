import * as z from 'zod';

import type { AuthMode } from '../../../functions/calendar/auth/modes.ts';
import { lookupFailure, type CloudApi } from './cloud-api.ts';
import { well, wrong, type Finding } from './finding.ts';

/** Checks that the APIs that a deployment needs are enabled. https://cloud.google.com/service-usage/docs/reference/rest/v1/services */

const host = (name: string): string => `${name}.googleapis.com`;

/** The APIs that every deployment needs, at run time or to be deployed. */
const ALWAYS = [
  'calendar-json',
  'cloudbuild',
  'cloudfunctions',
  'cloudscheduler',
  'firestore',
  'pubsub',
  'run',
  'secretmanager',
].map(host);

/** Returns the APIs that a deployment needs. Only domain-wide delegation uses IAM Credentials. */
export const neededServices = (mode: AuthMode): readonly string[] =>
  mode === 'delegation' ? [...ALWAYS, host('iamcredentials')] : ALWAYS;

const servicesSchema = z.object({
  services: z.array(z.object({ name: z.string(), state: z.string().nullish() })).default([]),
});
type Services = z.infer<typeof servicesSchema>;

/** Judges whether the needed services are enabled. Pure. */
export function judgeServices({ services }: Services, project: string, mode: AuthMode): Finding {
  const enabled = new Set(
    services.filter(({ state }) => state === 'ENABLED').map(({ name }) => name.split('/').at(-1)),
  );
  const off = neededServices(mode).filter((name) => !enabled.has(name));
  return off.length === 0
    ? well('APIs', 'enabled')
    : wrong(
        'APIs',
        `not enabled: ${off.join(', ')}`,
        `gcloud services enable ${off.join(' ')} --project=${project}`,
      );
}

/**
 * Checks the enabled APIs.
 * @param mode how calls to Google Calendar are authorised.
 */
export async function examineServices(
  api: CloudApi,
  project: string,
  mode: AuthMode,
): Promise<readonly Finding[]> {
  const { serviceusage } = await import('googleapis/build/src/apis/serviceusage/index.js');
  const parent = `projects/${project}`;
  const names = neededServices(mode).map((name) => `${parent}/services/${name}`);
  const result = await api.get('serviceusage', servicesSchema, (options) =>
    serviceusage('v1').services.batchGet({ parent, names }, options),
  );
  if (result.state === 'unknown') return [lookupFailure('APIs', result)];
  return [judgeServices(result.state === 'missing' ? { services: [] } : result.value, project, mode)];
}
