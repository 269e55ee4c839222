import * as z from 'zod';
import type { Plan, Planned } from './plan.ts';

/** The functions that a plan deploys. */

const variables = z.record(z.string(), z.string());
const serviceConfig = z.object({
  service_account_email: z.string(),
  available_memory: z.string(),
  timeout_seconds: z.number(),
  max_instance_count: z.number(),
  max_instance_request_concurrency: z.number(),
  ingress_settings: z.string(),
  environment_variables: variables,
  secret_environment_variables: z.object({ key: z.string(), secret: z.string() }).array().default([]),
});
const deployedFunction = z.object({
  name: z.string(),
  build_config: z.tuple([
    z.object({ runtime: z.string(), entry_point: z.enum(['receive', 'sync', 'renew']) }),
  ]),
  service_config: z.tuple([serviceConfig]),
});

export interface Deployed extends z.infer<typeof serviceConfig> {
  readonly name: string;
  readonly entryPoint: 'receive' | 'sync' | 'renew';
  readonly runtime: string;
}

export const ofType = (plan: Plan, type: string): readonly Planned[] =>
  plan.resources.filter((resource) => resource.type === type && resource.kind === 'resource');

export const functionsOf = (plan: Plan): readonly Deployed[] =>
  ofType(plan, 'google_cloudfunctions2_function').map(({ values }) => {
    const {
      name,
      build_config: [{ runtime, entry_point: entryPoint }],
      service_config: [config],
    } = deployedFunction.parse(values);
    return { name, runtime, entryPoint, ...config };
  });

/** Returns the names of all variables with which a function starts. */
export const variablesOf = (deployed: Deployed): readonly string[] => [
  ...Object.keys(deployed.environment_variables),
  ...deployed.secret_environment_variables.map(({ key }) => key),
];

/** Returns a value that must be a string. */
export const wordOf = (value: unknown): string => z.string().parse(value);
