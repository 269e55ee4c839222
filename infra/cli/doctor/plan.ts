import * as z from 'zod';

import { UsageError } from '../failure.ts';
import { createCloudApi } from './cloud-api.ts';
import { well, type Finding } from './finding.ts';
import { examinePublicAccess } from './public-access.ts';
import { examineQuota, type Scaling } from './quota.ts';

/**
 * Checks a plan of Terraform for what Google rejects when the plan is applied, after other resources have been created.
 * https://developer.hashicorp.com/terraform/internals/json-format#plan-representation
 */

const changeSchema = z.object({
  type: z.string(),
  change: z.object({ actions: z.array(z.string()), after: z.unknown() }),
});

const planSchema = z.object({
  format_version: z.string(),
  resource_changes: z.array(changeSchema).default([]),
});

const functionSchema = z.object({
  project: z.string(),
  location: z.string(),
  name: z.string(),
  service_config: z
    .array(z.object({ available_cpu: z.string().nullish(), max_instance_count: z.number().nullish() }))
    .length(1),
});

const grantSchema = z.object({ project: z.string(), member: z.literal('allUsers') });

/** What a plan is about to do that Google may reject. */
export interface Planned {
  readonly project: string;
  /** Functions that are deployed. */
  readonly functions: readonly Scaling[];
  /** Whether a service is made public by a grant to allUsers. */
  readonly grantsAllUsers: boolean;
}

/**
 * Reads a plan as `terraform show -json` prints it. Pure.
 * @param project for a plan that deploys nothing.
 * @throws {UsageError} if the text is not a plan.
 */
export function readPlan(text: string, project: string): Planned {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    json = undefined;
  }
  const plan = planSchema.safeParse(json);
  if (!plan.success) {
    throw new UsageError(
      '--plan is not a plan of Terraform as JSON',
      'run terraform plan -out=plan, then terraform show -json plan',
    );
  }
  const done = plan.data.resource_changes.filter(({ change: { actions } }) =>
    actions.some((action) => action === 'create' || action === 'update'),
  );
  const of = <T>(type: string, schema: z.ZodType<T>): readonly T[] =>
    done.flatMap((each) => (each.type === type ? (schema.safeParse(each.change.after).data ?? []) : []));
  const functions = of('google_cloudfunctions2_function', functionSchema);
  const grants = of('google_cloud_run_v2_service_iam_member', grantSchema);
  return {
    project: functions[0]?.project ?? grants[0]?.project ?? project,
    functions: functions.map(({ name, location, service_config: [service] }) => ({
      name,
      region: location,
      most: service?.max_instance_count ?? undefined,
      cpu: service?.available_cpu ?? undefined,
    })),
    grantsAllUsers: grants.length > 0,
  };
}

/** Checks what a plan is about to do against the quota and the organisation's policy. */
export async function examinePlan(
  { project, functions, grantsAllUsers }: Planned,
  rootUrl: string | undefined,
  token: () => Promise<string>,
): Promise<readonly Finding[]> {
  const api = createCloudApi(rootUrl, project, token);
  const [quota, access] = await Promise.all([
    functions.length === 0 ? [] : examineQuota(api, functions, project),
    grantsAllUsers ? examinePublicAccess(api, project) : [],
  ]);
  const findings = [...quota, ...access];
  return findings.length > 0 ? findings : [well('plan', 'deploys no function and makes none public')];
}
