/**
 * A deployment in which everything is as it should be, as Google Cloud's APIs describe what `infra/terraform` makes. Each field
 * comes with where its value is from: the reference of its API, by the words in brackets, or a file of `infra/terraform`. What is
 * false, 0 or empty is left out, as in all answers in JSON (https://protobuf.dev/programming-guides/json: implicit presence).
 *
 * [functions] https://cloud.google.com/functions/docs/reference/rest/v2/projects.locations.functions
 * [run] https://cloud.google.com/run/docs/reference/rest/v2/projects.locations.services
 * [jobs] https://cloud.google.com/scheduler/docs/reference/rest/v1/projects.locations.jobs
 * [databases] https://firebase.google.com/docs/firestore/reference/rest/v1/projects.databases
 * [indexes] …/v1/projects.databases.collectionGroups.indexes
 * [fields] …/v1/projects.databases.collectionGroups.fields
 * [services] https://cloud.google.com/service-usage/docs/reference/rest/v1/services
 * [versions] https://cloud.google.com/secret-manager/docs/reference/rest/v1/projects.secrets.versions
 * [quotas] https://cloud.google.com/service-usage/docs/reference/rest/v1beta1/services.consumerQuotaMetrics
 * [objects] https://cloud.google.com/storage/docs/json_api/v1/objects
 */
import type { cloudfunctions_v2 } from 'googleapis/build/src/apis/cloudfunctions/v2.js';
import type { cloudscheduler_v1 } from 'googleapis/build/src/apis/cloudscheduler/v1.js';
import type { firestore_v1 } from 'googleapis/build/src/apis/firestore/v1.js';
import type { run_v2 } from 'googleapis/build/src/apis/run/v2.js';
import type { secretmanager_v1 } from 'googleapis/build/src/apis/secretmanager/v1.js';
import type { serviceusage_v1 } from 'googleapis/build/src/apis/serviceusage/v1.js';
import type { serviceusage_v1beta1 } from 'googleapis/build/src/apis/serviceusage/v1beta1.js';
import type { storage_v1 } from 'googleapis/build/src/apis/storage/v1.js';

import { functionSchema, type Deployed } from '../../infra/cli/doctor/functions.ts';
import { COMPOSITE_INDEXES, FIELD_INDEXES, type CompositeIndex } from '../../infra/cli/doctor/indexes.ts';
import { SERVICE_ACCOUNT } from './identity/rules.ts';

export const DEPLOYED = 'demo-deployed';
const NUMBER = '123456789012';
const PLACE = `projects/${DEPLOYED}`;
const REGION = 'europe-west1';
/** variables.tf: the database of the mirror. */
export const DATABASE_ID = 'calendar-mirror';
const DATABASE = `${PLACE}/databases/${DATABASE_ID}`;
const FIELDS = `${DATABASE}/collectionGroups/events/fields`;

/** The APIs that `apis.tf` enables. */
const ENABLED = [
  'artifactregistry',
  'calendar-json',
  'cloudbuild',
  'cloudfunctions',
  'cloudscheduler',
  'firestore',
  'iam',
  'iamcredentials',
  'logging',
  'monitoring',
  'pubsub',
  'run',
  'secretmanager',
  'storage',
];

/** Both URLs of a service: "All URLs serving traffic for this Service" [run, urls]. */
export const urlsOf = (entryPoint: string) => ({
  hashed: `https://calendar-${entryPoint}-abcdefghij-ew.a.run.app`,
  numbered: `https://calendar-${entryPoint}-${NUMBER}.${REGION}.run.app`,
});

/** receive.tf, sync.tf and renew.tf. "Project identifier (preferably project number …)" [functions, SecretEnvVar]. */
const keys = [{ key: 'CHANNEL_TOKEN_KEYS', projectId: DEPLOYED, secret: 'channel-token-keys', version: '1' }];

/**
 * Where Cloud Functions keeps the source. "Google Cloud Storage generation for the object. If the generation is omitted, the latest
 * generation will be used." [functions, StorageSource]
 */
export const sourceOf = (entryPoint: string, generation = '1893456000000001') => ({
  bucket: `gcf-v2-sources-${NUMBER}-${REGION}`,
  object: `calendar-${entryPoint}/function-source.zip`,
  generation,
});

/** variables.tf: max_instances. */
const MOST: Readonly<Record<string, number>> = { receive: 5, sync: 10, renew: 1 };

/** A function [functions], with the variables of its file in `infra/terraform`. */
export const deployedFunction = (entryPoint: string, environment: Readonly<Record<string, string>> = {}) =>
  ({
    // "must match pattern projects/*/locations/*/functions/*" [functions, name]
    name: `${PLACE}/locations/${REGION}/functions/calendar-${entryPoint}`,
    // "whether the function is 1st Gen or 2nd Gen" [functions, Environment]
    environment: 'GEN_2',
    // "Function has been successfully deployed and is serving." [functions, State]
    state: 'ACTIVE',
    // "Output only. The deployed url for the function." [functions, url]
    url: `https://${REGION}-${DEPLOYED}.cloudfunctions.net/calendar-${entryPoint}`,
    // "The name of the function (as defined in source code) that will be executed." [functions, BuildConfig]
    buildConfig: {
      entryPoint,
      runtime: 'nodejs24',
      source: { storageSource: sourceOf(entryPoint) },
      // "A copy of the build's source.storage_source, if exists, with any generations resolved." [functions, SourceProvenance]
      sourceProvenance: { resolvedStorageSource: sourceOf(entryPoint) },
    },
    serviceConfig: {
      // "The format of this field is projects/{project}/locations/{region}/services/{service}" [functions, ServiceConfig]
      service: `${PLACE}/locations/${REGION}/services/calendar-${entryPoint}`,
      // "Output only. URI of the Service deployed." [functions, ServiceConfig]
      uri: urlsOf(entryPoint).hashed,
      // "Defaults to 60 seconds." [functions, ServiceConfig]; set in each file
      timeoutSeconds: entryPoint === 'receive' ? 10 : 120,
      // "The number of CPUs used in a single container instance." [functions, ServiceConfig]; set in each file
      availableCpu: '1',
      maxInstanceCount: MOST[entryPoint] ?? 0,
      serviceAccountEmail: SERVICE_ACCOUNT,
      environmentVariables: {
        GOOGLE_CLOUD_PROJECT: DEPLOYED,
        PUBSUB_ENDPOINT: `https://${REGION}-pubsub.googleapis.com`,
        ...(entryPoint === 'receive' ? {} : { FIRESTORE_DATABASE: DATABASE_ID }),
        // Cloud Functions adds it. https://cloud.google.com/functions/docs/monitoring/logging#viewing_runtime_logs
        LOG_EXECUTION_ID: 'true',
        ...environment,
      },
      ...(entryPoint === 'sync' ? {} : { secretEnvironmentVariables: keys }),
    },
  }) satisfies cloudfunctions_v2.Schema$Function;

/** A function as the doctor knows it. */
export function deployed(entryPoint: string, environment: Readonly<Record<string, string>> = {}): Deployed {
  const found = functionSchema.parse(deployedFunction(entryPoint, environment));
  return { ...found, urls: Object.values(urlsOf(entryPoint)) };
}

/** A function's service [run]. */
const deployedService = (entryPoint: string): run_v2.Schema$GoogleCloudRunV2Service => ({
  name: `${PLACE}/locations/${REGION}/services/calendar-${entryPoint}`,
  // "this is an int64 value … its JSON representation will be a string" [run, generation]
  generation: '3',
  // "The main URI in which this Service is serving traffic." [run, uri]
  uri: urlsOf(entryPoint).hashed,
  urls: [urlsOf(entryPoint).numbered, urlsOf(entryPoint).hashed],
});

/** The job of renew.tf [jobs]. */
export const renewJob = () =>
  ({
    name: `${PLACE}/locations/${REGION}/jobs/calendar-renew`,
    schedule: '* * * * *',
    timeZone: 'Etc/UTC',
    // "The job is executing normally." [jobs, State]
    state: 'ENABLED',
    // "Cloud Scheduler will encode some characters for safety and compatibility." [jobs, HttpTarget]: a bare host gets its slash
    httpTarget: {
      uri: `${urlsOf('renew').hashed}/`,
      httpMethod: 'POST',
      oidcToken: { serviceAccountEmail: 'calendar-scheduler@example.com', audience: urlsOf('renew').hashed },
    },
    // "The response from the target for the last attempted execution." [jobs, status]: code 0 is left out
    status: {},
    lastAttemptTime: '2030-01-01T00:00:00Z',
  }) satisfies cloudscheduler_v1.Schema$Job;

/**
 * A composite index [indexes]: "If, on creation, __name__ was not specified as the last field, it will be added automatically with
 * the same direction as that of the last field defined".
 */
export const readyIndex = ({ fields, scope }: Pick<CompositeIndex, 'fields' | 'scope'>) =>
  ({
    name: `${DATABASE}/collectionGroups/events/indexes/CICAgJiUpoMK`,
    // "allow queries against a collection that is the child of a specific document", or "against all collections" [indexes, QueryScope]
    queryScope: scope,
    fields: [...fields, '__name__'].map((fieldPath) => ({ fieldPath, order: 'ASCENDING' })),
    // "The index is ready to be used." [indexes, State]
    state: 'READY',
    // "the only allowed value for indexes having ApiScope ANY_API" [indexes, Density]
    density: 'SPARSE_ALL',
  }) satisfies firestore_v1.Schema$GoogleFirestoreAdminV1Index;

/**
 * The contents of an event [fields]. firestore.tf exempts `*`, so that nothing is set for the field itself: "When true, the
 * Field's index configuration is set from the configuration specified by the ancestor_field" [fields, IndexConfig], and that has
 * an empty list of indexes, which is left out.
 */
export const exemptData: firestore_v1.Schema$GoogleFirestoreAdminV1Field = {
  name: `${FIELDS}/data`,
  indexConfig: { usesAncestorConfig: true, ancestorField: `${FIELDS}/*` },
};

/**
 * A field that firestore.tf indexes by itself [fields]: "The indexes supported for this field"; "For single field indexes, this must
 * match the name of the field or may be omitted" [indexes, fieldPath].
 */
export const indexedField = (collection: string, field: string) =>
  ({
    name: `${DATABASE}/collectionGroups/${collection}/fields/${field}`,
    indexConfig: {
      // "or from which it would be set if this field had no index configuration" [fields, IndexConfig]
      ancestorField: `${DATABASE}/collectionGroups/${collection}/fields/*`,
      indexes: [
        { queryScope: 'COLLECTION', fields: [{ fieldPath: field, order: 'ASCENDING' }], state: 'READY' },
      ],
    },
  }) satisfies firestore_v1.Schema$GoogleFirestoreAdminV1Field;

/** The same where nothing is exempt: the indexes of the database's default, with the field's own name. */
export const indexedData: firestore_v1.Schema$GoogleFirestoreAdminV1Field = {
  name: `${FIELDS}/data`,
  indexConfig: {
    usesAncestorConfig: true,
    ancestorField: `${DATABASE}/collectionGroups/__default__/fields/*`,
    indexes: [{ order: 'ASCENDING' }, { order: 'DESCENDING' }, { arrayConfig: 'CONTAINS' }].map((how) => ({
      queryScope: 'COLLECTION',
      fields: [{ fieldPath: 'data', ...how }],
      state: 'READY',
    })),
  },
};

/** firestore.tf [databases]. */
const database: firestore_v1.Schema$GoogleFirestoreAdminV1Database = {
  name: DATABASE,
  type: 'FIRESTORE_NATIVE',
  locationId: REGION,
  databaseEdition: 'STANDARD',
  deleteProtectionState: 'DELETE_PROTECTION_ENABLED',
};

/** What `services.batchGet` answers [services]: names have the number of the project. */
export const enabledServices = (names: readonly string[] = ENABLED) =>
  ({
    services: names.map((name) => ({
      // "A valid name would be: projects/123/services/serviceusage.googleapis.com" [services, name]
      name: `projects/${NUMBER}/services/${name}.googleapis.com`,
      parent: `projects/${NUMBER}`,
      state: 'ENABLED',
    })),
  }) satisfies serviceusage_v1.Schema$BatchGetServicesResponse;

/** channel-token-keys.tf [versions]. */
const version: secretmanager_v1.Schema$SecretVersion = {
  name: `projects/${NUMBER}/secrets/channel-token-keys/versions/1`,
  // "The SecretVersion may be accessed." [versions, State]
  state: 'ENABLED',
};

/**
 * The quota of Cloud Run [quotas]: "ordered from least specific to most specific (for example, the global default bucket, with no
 * quota dimensions, will always appear first)". In milli vCPU; a young project has 20 vCPU or fewer in a region.
 */
export const cpuQuota = (here: number) =>
  ({
    // "its representation could change in the future" [quotas, name]
    name: `projects/${NUMBER}/services/run.googleapis.com/consumerQuotaMetrics/run.googleapis.com%2Fcpu_allocation`,
    metric: 'run.googleapis.com/cpu_allocation',
    consumerQuotaLimits: [
      {
        metric: 'run.googleapis.com/cpu_allocation',
        // "Note that {project} and {region} are not placeholders in this example" [quotas, ConsumerQuotaLimit]
        unit: '1/{project}/{region}',
        quotaBuckets: [
          { effectiveLimit: '200000', defaultLimit: '200000' },
          { effectiveLimit: String(here), defaultLimit: '200000', dimensions: { region: REGION } },
        ],
      },
    ],
  }) satisfies serviceusage_v1beta1.Schema$ConsumerQuotaMetric;

/** The source in Cloud Storage [objects]: "The content generation of this object. Used for object versioning." */
const sourceObject = (entryPoint: string): storage_v1.Schema$Object => {
  const { bucket, object: name, generation } = sourceOf(entryPoint);
  return { kind: 'storage#object', bucket, name, generation };
};

/** Where each thing is. */
export const AT = {
  services: `serviceusage/v1/${PLACE}/services:batchGet`,
  database: `firestore/v1/${DATABASE}`,
  indexes: `firestore/v1/${DATABASE}/collectionGroups/events/indexes`,
  data: `firestore/v1/${FIELDS}/data`,
  field: (collection: string, field: string) =>
    `firestore/v1/${DATABASE}/collectionGroups/${collection}/fields/${field}`,
  functions: `cloudfunctions/v2/${PLACE}/locations/-/functions`,
  service: (entryPoint: string) => `run/v2/${PLACE}/locations/${REGION}/services/calendar-${entryPoint}`,
  jobs: `cloudscheduler/v1/${PLACE}/locations/${REGION}/jobs`,
  quota: `serviceusage/v1beta1/${PLACE}/services/run.googleapis.com/consumerQuotaMetrics`,
  source: (entryPoint: string) =>
    `storage/v1/b/${sourceOf(entryPoint).bucket}/o/${sourceOf(entryPoint).object}`,
  keys: `secretmanager/v1/${PLACE}/secrets/channel-token-keys/versions/1`,
} as const;

const ENTRIES = ['receive', 'sync', 'renew'];

/** Everything that is there, by where it is. */
export const deployedCloud = (): ReadonlyMap<string, object> =>
  new Map<string, object>([
    [AT.services, enabledServices()],
    [AT.database, database],
    [AT.indexes, { indexes: Object.values(COMPOSITE_INDEXES).map(readyIndex) }],
    [AT.data, exemptData],
    ...Object.entries(FIELD_INDEXES).flatMap(([collection, fields]) =>
      fields.map((field) => [AT.field(collection, field), indexedField(collection, field)] as const),
    ),
    [AT.functions, { functions: ENTRIES.map((name) => deployedFunction(name)) }],
    ...ENTRIES.map((name) => [AT.service(name), deployedService(name)] as const),
    ...ENTRIES.map((name) => [AT.source(name), sourceObject(name)] as const),
    [AT.jobs, { jobs: [renewJob()] }],
    [AT.quota, { metrics: [cpuQuota(20_000)] }],
    [AT.keys, version],
  ]);
