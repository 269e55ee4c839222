import * as z from 'zod';
import type { Plan, Planned } from '../terraform/plan.ts';
import { resolve } from './after-apply.ts';
import { seconds } from './command.ts';
import { STORAGE } from './planned-storage.ts';
import type { Resources } from './deploy.ts';
import { converter, common, count, grantOn, maybe, one, text, type Convert } from './shapes.ts';

/**
 * The resources of a Terraform plan, by kind and name, in the form that `resources.ts` gives those of gcloud. A type or an attribute that
 * is not known here is an error: add it to both.
 */

/** Resource types that the gcloud way leaves out, with the reason. */
export const WITHOUT: Readonly<Record<string, string>> = {
  google_storage_bucket: 'gcloud uploads the source to a bucket of its own',
  google_storage_bucket_object: 'gcloud uploads the source to a bucket of its own',
  google_logging_metric: 'infra/gcloud.md names the metrics as left out',
  google_monitoring_alert_policy: 'infra/gcloud.md names the alerts as left out',
  google_monitoring_dashboard: 'infra/gcloud.md names the dashboard as left out',
  terraform_data: 'checks of Terraform about its own state',
  time_sleep: 'who types commands one after the other waits long enough',
};

const CONVERT: Readonly<Record<string, Convert>> = {
  ...STORAGE,
  google_project_service: converter(
    { project: text, service: text, disable_on_destroy: z.boolean() },
    ({ service }) => ({ [`API ${service}`]: {} }),
  ),
  google_service_account: converter(
    {
      project: text,
      account_id: text,
      display_name: text,
      create_ignore_already_exists: z.literal(true),
      deletion_policy: text.optional(),
    },
    ({ account_id: id, display_name: displayName }) => ({ [`account ${id}`]: { displayName } }),
  ),
  google_artifact_registry_repository: converter(
    {
      ...common,
      repository_id: text,
      location: text,
      format: text,
      description: text,
      cleanup_policies: z.array(
        z.strictObject({
          id: text,
          action: text,
          most_recent_versions: maybe({ keep_count: count }),
          condition: maybe({ older_than: text }),
        }),
      ),
    },
    ({ repository_id: id, location, format, description, cleanup_policies: policies }) => ({
      [`repository ${id}`]: { location, format, description },
      [`cleanup of ${id}`]: policies.map((policy) => ({
        name: policy.id,
        action: { type: policy.action === 'KEEP' ? 'Keep' : 'Delete' },
        ...(policy.most_recent_versions && {
          mostRecentVersions: { keepCount: policy.most_recent_versions.keep_count },
        }),
        ...(policy.condition && { condition: { olderThan: policy.condition.older_than } }),
      })),
    }),
  ),
  google_cloudfunctions2_function: converter(
    {
      ...common,
      name: text,
      location: text,
      description: text,
      build_config: one({
        runtime: text,
        entry_point: text,
        service_account: text,
        docker_repository: text,
        source: z.unknown(),
      }),
      service_config: one({
        service_account_email: text,
        available_cpu: text,
        available_memory: text,
        max_instance_request_concurrency: count,
        timeout_seconds: count,
        min_instance_count: count,
        max_instance_count: count,
        ingress_settings: text,
        environment_variables: z.record(text, text),
        secret_environment_variables: z
          .array(z.strictObject({ key: text, project_id: text, secret: text, version: text }))
          .default([]),
      }),
    },
    ({ name, build_config: build, service_config: service }) => ({
      [`function ${name}`]: {
        source: `dist/${build.entry_point}`,
        runtime: build.runtime,
        entryPoint: build.entry_point,
        builder: build.service_account,
        images: build.docker_repository,
        account: service.service_account_email,
        timeout: service.timeout_seconds,
        cpu: service.available_cpu,
        memory: service.available_memory,
        concurrency: service.max_instance_request_concurrency,
        minInstances: service.min_instance_count,
        maxInstances: service.max_instance_count,
        ingress: service.ingress_settings,
        environment: service.environment_variables,
        secrets: Object.fromEntries(
          service.secret_environment_variables.map((each) => [each.key, `${each.secret}:${each.version}`]),
        ),
      },
    }),
  ),
  google_logging_project_exclusion: converter(
    { project: text, name: text, description: text, filter: text },
    ({ name, description, filter }) => ({ [`exclusion ${name}`]: { description, filter } }),
  ),
  google_cloud_scheduler_job: converter(
    {
      project: text,
      region: text,
      name: text,
      description: text,
      schedule: text,
      time_zone: text,
      attempt_deadline: text,
      retry_config: one({ retry_count: count, min_backoff_duration: text, max_backoff_duration: text }),
      http_target: one({
        http_method: text,
        uri: text,
        oidc_token: one({ service_account_email: text, audience: text }),
      }),
    },
    ({ name, http_target: target, retry_config: retry, ...values }) => ({
      [`job ${name}`]: {
        location: values.region,
        description: values.description,
        schedule: values.schedule,
        timeZone: values.time_zone,
        uri: target.uri,
        method: target.http_method,
        account: target.oidc_token.service_account_email,
        audience: target.oidc_token.audience,
        deadline: seconds(values.attempt_deadline),
        attempts: retry.retry_count,
        backoff: [seconds(retry.min_backoff_duration), seconds(retry.max_backoff_duration)],
      },
    }),
  ),
  google_kms_crypto_key_iam_member: grantOn('key', 'crypto_key_id'),
  google_artifact_registry_repository_iam_member: grantOn('repository', 'repository'),
  google_cloud_run_v2_service_iam_member: grantOn('service', 'name'),
  google_project_iam_member: grantOn('project', 'project'),
  google_pubsub_subscription_iam_member: grantOn('subscription', 'subscription'),
  google_pubsub_topic_iam_member: grantOn('topic', 'topic'),
  google_secret_manager_secret_iam_member: grantOn('secret', 'secret_id'),
  google_service_account_iam_member: grantOn('account', 'service_account_id'),
};

function convert(plan: Plan, { type, address, values }: Planned): Resources {
  const make = CONVERT[type];
  if (make === undefined) throw new Error(`${type} is not known here`);
  try {
    return make(resolve(plan, values));
  } catch (cause) {
    throw new Error(`${address} has attributes that are not known here: ${String(cause)}`, { cause });
  }
}

/** Returns the resources of a plan that have a counterpart with gcloud. @throws Error for a type or attribute that is not known */
export function plannedResources(plan: Plan): Resources {
  const made = plan.resources.filter(({ kind, type }) => kind === 'resource' && !(type in WITHOUT));
  return Object.assign({}, ...made.map((resource) => convert(plan, resource)));
}
