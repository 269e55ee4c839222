/**
 * Plans of Terraform in JSON, with the attributes that doctor reads.
 * https://developer.hashicorp.com/terraform/internals/json-format#change-representation
 */

interface Change {
  readonly type: string;
  readonly change: { readonly actions: readonly string[]; readonly after: object | null };
}

const PLACE = { project: 'demo-project', location: 'europe-west1' };

export const plannedFunction = (
  entry: string,
  most: number,
  actions: readonly string[] = ['create'],
): Change => ({
  type: 'google_cloudfunctions2_function',
  change: {
    actions,
    after: {
      ...PLACE,
      name: `calendar-${entry}`,
      service_config: [{ available_cpu: '1', max_instance_count: most, timeout_seconds: 120 }],
    },
  },
});

export const plannedGrant = (member: string, actions: readonly string[] = ['create']): Change => ({
  type: 'google_cloud_run_v2_service_iam_member',
  change: { actions, after: { ...PLACE, name: 'calendar-receive', role: 'roles/run.invoker', member } },
});

export const planWith = (changes: readonly Change[]) => ({
  format_version: '1.2',
  resource_changes: changes,
});

/** With the default choices. */
export const planOfFirstApply = () =>
  planWith([
    { type: 'google_pubsub_topic', change: { actions: ['create'], after: { name: 'calendar-changes' } } },
    plannedFunction('receive', 5),
    plannedFunction('sync', 10),
    plannedFunction('renew', 1),
    plannedGrant('allUsers'),
  ]);
