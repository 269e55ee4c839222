import { policyRoutes } from '../policies.ts';
import type { Route } from '../routes.ts';

/** IAM policies of tables, which are not kept. https://cloud.google.com/bigquery/docs/reference/rest/v2/tables/getIamPolicy */
export const bigqueryRoutes: readonly Route[] = policyRoutes(
  'bigquery',
  'bigquery/v2',
  'projects/{project}/datasets/{dataset}/tables/{table}',
  { read: 'POST', isStored: false },
);
