import { fileURLToPath } from 'node:url';
import type { Value } from './functions.ts';

/** The module, and the variables of every way to call it. */
export const MODULE = fileURLToPath(new URL('../../../infra/terraform/', import.meta.url));

type Given = Readonly<Record<string, Value>>;

export const PLAIN: Given = { project_id: 'some-project', region: 'europe-west1' };

export const WAYS: Readonly<Record<string, Given>> = {
  'as it is': PLAIN,
  'with delegation': { ...PLAIN, calendar_auth: 'delegation' },
  'with a delegation account that is there': {
    ...PLAIN,
    calendar_auth: 'delegation',
    delegation_service_account: 'dwd@other-project.iam.gserviceaccount.com',
  },
  'with OAuth, and the check of receive off': {
    ...PLAIN,
    calendar_auth: 'oauth',
    public_access: 'check-disabled',
  },
  'with OAuth, and tokens in Firestore': {
    ...PLAIN,
    calendar_auth: 'oauth',
    oauth_token_store: 'firestore',
    oauth_token_operators: ['user:ada@example.com'],
  },
  'during a rotation of the key': {
    ...PLAIN,
    channel_token_key_versions: [1, 2],
  },
  'with everything that is optional': {
    ...PLAIN,
    bigquery_table: { dataset: 'calendar', table: 'changes' },
    kms_key_name: 'projects/p/locations/europe-west1/keyRings/r/cryptoKeys/k',
    channel_address: 'https://calendar.example.com/',
    min_instances: { receive: 1 },
    pace: {
      channel_ttl_seconds: 86_400,
      renew_before_seconds: 3_600,
      max_staleness_seconds: 7_200,
      poll_seconds: 300,
      min_sync_interval_seconds: 1,
      sync_deadline_seconds: 60,
      reconcile_seconds: 864_000,
    },
    create_database: false,
    deletion_protection: false,
  },
};
