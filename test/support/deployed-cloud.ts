/** A deployment in which everything is as it should be, as Google Cloud's APIs describe it. */
import { SERVICE_ACCOUNT } from './identity/rules.ts';

export const DEPLOYED = 'demo-deployed';
const PLACE = `projects/${DEPLOYED}`;
const REGION = 'europe-west1';
const RENEW_URL = 'https://calendar-renew-abc.a.run.app';

const serviceNames = [
  'calendar-json',
  'cloudbuild',
  'cloudfunctions',
  'cloudscheduler',
  'firestore',
  'iamcredentials',
  'pubsub',
  'run',
  'secretmanager',
];

const keys = [{ key: 'CHANNEL_TOKEN_KEYS', secret: 'channel-token-keys', version: '1' }];

/** A function as the API describes it. */
export const deployedFunction = (entryPoint: string, environment: Readonly<Record<string, string>> = {}) => ({
  name: `${PLACE}/locations/${REGION}/functions/calendar-${entryPoint}`,
  state: 'ACTIVE',
  url: `https://${REGION}-${DEPLOYED}.cloudfunctions.net/calendar-${entryPoint}`,
  buildConfig: { entryPoint },
  serviceConfig: {
    uri: `https://calendar-${entryPoint}-abc.a.run.app`,
    serviceAccountEmail: SERVICE_ACCOUNT,
    environmentVariables: { GOOGLE_CLOUD_PROJECT: DEPLOYED, ...environment },
    ...(entryPoint === 'sync' ? {} : { secretEnvironmentVariables: keys }),
  },
});

/** The scheduler's job. */
export const renewJob = () => ({
  name: `${PLACE}/locations/${REGION}/jobs/calendar-renew`,
  schedule: '* * * * *',
  state: 'ENABLED',
  httpTarget: { uri: RENEW_URL, oidcToken: { serviceAccountEmail: 'invoker@example.com' } },
  status: {},
  lastAttemptTime: '2030-01-01T00:00:00Z',
});

/** Where each thing is. */
export const AT = {
  services: `serviceusage/v1/${PLACE}/services:batchGet`,
  database: `firestore/v1/${PLACE}/databases/(default)`,
  indexes: `firestore/v1/${PLACE}/databases/(default)/collectionGroups/events/indexes`,
  data: `firestore/v1/${PLACE}/databases/(default)/collectionGroups/events/fields/data`,
  functions: `cloudfunctions/v2/${PLACE}/locations/-/functions`,
  jobs: `cloudscheduler/v1/${PLACE}/locations/${REGION}/jobs`,
  keys: `secretmanager/v1/${PLACE}/secrets/channel-token-keys/versions/1`,
} as const;

/** Everything that is there, by where it is. */
export const deployedCloud = (): ReadonlyMap<string, object> =>
  new Map<string, object>([
    [
      AT.services,
      {
        services: serviceNames.map((name) => ({
          name: `projects/1/services/${name}.googleapis.com`,
          state: 'ENABLED',
        })),
      },
    ],
    [AT.database, { type: 'FIRESTORE_NATIVE', locationId: REGION }],
    [
      AT.indexes,
      {
        indexes: [
          {
            queryScope: 'COLLECTION',
            state: 'READY',
            fields: ['recurringEventId', 'startsAt', '__name__'].map((fieldPath) => ({ fieldPath })),
          },
        ],
      },
    ],
    [AT.data, { indexConfig: {} }],
    [AT.functions, { functions: ['receive', 'sync', 'renew'].map((name) => deployedFunction(name)) }],
    [AT.jobs, { jobs: [renewJob()] }],
    [AT.keys, { state: 'ENABLED' }],
  ]);
