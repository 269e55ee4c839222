import * as z from 'zod';

import { notKnown, type CloudApi } from './cloud-api.ts';
import { well, wrong, type Finding } from './finding.ts';

/** Whether the APIs that a deployment calls are enabled ("Service Usage: services.batchGet"). */

const NEEDED = [
  'calendar-json',
  'cloudbuild',
  'cloudfunctions',
  'cloudscheduler',
  'firestore',
  'iamcredentials',
  'pubsub',
  'run',
  'secretmanager',
].map((name) => `${name}.googleapis.com`);

const servicesSchema = z.object({
  services: z.array(z.object({ name: z.string(), state: z.string() })).default([]),
});
type Services = z.infer<typeof servicesSchema>;

/** Judges the services that were asked for. Pure. */
export function judgeServices({ services }: Services, project: string): Finding {
  const enabled = new Set(
    services.filter(({ state }) => state === 'ENABLED').map(({ name }) => name.split('/').at(-1)),
  );
  const off = NEEDED.filter((name) => !enabled.has(name));
  return off.length === 0
    ? well('APIs', 'enabled')
    : wrong(
        'APIs',
        `not enabled: ${off.join(', ')}`,
        `gcloud services enable ${off.join(' ')} --project=${project}`,
      );
}

export async function examineServices(api: CloudApi, project: string): Promise<readonly Finding[]> {
  const names = NEEDED.map((name) => `names=projects/${project}/services/${name}`).join('&');
  const path = `v1/projects/${project}/services:batchGet?${names}`;
  const looked = await api.look('serviceusage', path, servicesSchema);
  if (looked.state === 'unknown') return [notKnown('APIs', looked)];
  return [judgeServices(looked.state === 'missing' ? { services: [] } : looked.value, project)];
}
