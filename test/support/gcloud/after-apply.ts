import * as z from 'zod';
import type { Value } from '../terraform/functions.ts';
import type { Plan } from '../terraform/plan.ts';

/** Values that Terraform knows after apply only, as `resources.ts` names them. */

/** Returns what an attribute that is known after apply will be, as `resources.ts` names it. */
function afterApply(plan: Plan, address: string, path: string): string {
  const found = plan.resources.find((resource) => resource.address === address);
  const value = (name: string): string => z.string().parse(found?.values[name]);
  const project = (): string => `projects/${value('project')}`;
  const email = (): string => `${value('account_id')}@${value('project')}.iam.gserviceaccount.com`;
  const known: Readonly<Record<string, () => string>> = {
    'google_service_account.email': email,
    'google_service_account.member': () => `serviceAccount:${email()}`,
    'google_service_account.id': () => `${project()}/serviceAccounts/${email()}`,
    'google_service_account.name': () => `${project()}/serviceAccounts/${email()}`,
    'google_artifact_registry_repository.id': () =>
      `${project()}/locations/${value('location')}/repositories/${value('repository_id')}`,
    'google_artifact_registry_repository.name': () => value('repository_id'),
    'google_pubsub_topic.id': () => `${project()}/topics/${value('name')}`,
    'google_pubsub_schema.id': () => `${project()}/schemas/${value('name')}`,
    'google_secret_manager_secret.id': () => `${project()}/secrets/${value('secret_id')}`,
    'google_kms_key_ring.id': () => `${project()}/locations/${value('location')}/keyRings/${value('name')}`,
    'google_kms_crypto_key.id': () =>
      `${z.string().parse(resolve(plan, value('key_ring')))}/cryptoKeys/${value('name')}`,
    'google_secret_manager_secret_version.version': () =>
      String(z.number().parse(found?.values['secret_data_wo_version'])),
    'google_cloudfunctions2_function.service_config[0].uri': () => `<uri of ${value('name')}>`,
    'google_project.number': () => '<number>',
  };
  const type = found?.type ?? '';
  return known[`${type}.${path}`]?.() ?? `<${address}.${path}>`;
}

/** Replaces what is known after apply in a value. */
export function resolve(plan: Plan, value: Value): Value {
  if (typeof value === 'string')
    return (
      value
        // "https://REGION-PROJECT_ID.cloudfunctions.net/FUNCTION_NAME": https://cloud.google.com/run/docs/functions/call-urls
        .replace(/^https:\/\/[\w-]+\.cloudfunctions\.net\/([\w-]+)$/, '<url of $1>')
        .replaceAll(
          /<((?:data\.)?\w+\.\w+(?:\["[^"]*"\]|\[\d+\])?)\.([\w.[\]]+)>/g,
          (_, address: string, path: string) => afterApply(plan, address, path),
        )
    );
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item: Value) => resolve(plan, item));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolve(plan, item)]));
}
