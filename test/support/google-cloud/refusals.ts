/**
 * What Google refuses on the first day of a project, each by a switch. All are off at the start, except for what Google does to every
 * deployment.
 */
export interface Refusals {
  /**
   * For how many ms an API that was just enabled still responds with 403 SERVICE_DISABLED.
   * https://cloud.google.com/service-usage/docs/enable-disable: "it might take several minutes"
   */
  apiDelayMs: number;
  /**
   * For how many ms an IAM policy with a new service account is refused with 400.
   * https://cloud.google.com/iam/docs/service-accounts-create: "it can take up to 60 seconds"
   */
  accountDelayMs: number;
  /**
   * For how many ms a new grant to the build account has no effect, so that builds fail.
   * https://cloud.google.com/iam/docs/access-change-propagation
   */
  rightsDelayMs: number;
  /**
   * For how many ms an alert policy on a new log-based metric is refused with 404.
   * https://github.com/hashicorp/terraform-provider-google/issues/11102
   */
  metricDelayMs: number;
  /** Whether the build of a function fails, by the function's name. */
  failsBuild: (name: string, during: 'create' | 'update') => boolean;
  /**
   * How many index changes of a database run at once; further ones are rejected: 409 ABORTED for a field, 400 for an index.
   * https://github.com/hashicorp/terraform-provider-google/issues/15128
   */
  indexChanges: number;
  /**
   * vCPUs of the region. A service whose maximum needs more is refused.
   * https://cloud.google.com/run/docs/configuring/max-instances-limits
   */
  vcpuQuota: number;
  /**
   * Whether the organisation's policy forbids grants to allUsers.
   * https://cloud.google.com/resource-manager/docs/organization-policy/restricting-domains
   */
  allUsersForbidden: boolean;
  /**
   * Whether Pub/Sub's service agent exists only after `generateServiceIdentity`, or the first topic.
   * https://cloud.google.com/iam/docs/create-service-agents
   */
  lazyAgents: boolean;
  /**
   * Whether Cloud Functions adds LOG_EXECUTION_ID to a function's environment, as it does unless told otherwise.
   * https://cloud.google.com/functions/docs/monitoring/logging#viewing_runtime_logs
   */
  logExecutionId: boolean;
  /**
   * Whether a deployment of a function turns the invoker check of its service on again. Google documents neither behaviour: the service
   * belongs to Cloud Functions, which does not know the field (https://cloud.google.com/functions/docs/reference/rest/v2/projects.locations.functions#ServiceConfig).
   */
  deploymentChecksInvoker: boolean;
}

export const noRefusals = (): Refusals => ({
  apiDelayMs: 0,
  accountDelayMs: 0,
  rightsDelayMs: 0,
  metricDelayMs: 0,
  failsBuild: () => false,
  indexChanges: Infinity,
  vcpuQuota: Infinity,
  allUsersForbidden: false,
  lazyAgents: false,
  logExecutionId: true,
  deploymentChecksInvoker: true,
});
