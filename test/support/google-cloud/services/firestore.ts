import * as z from 'zod';

import { CloudError, notFound } from '../errors.ts';
import { routesOf } from '../kinds.ts';
import { asResponse, parse, textIn, type Resource } from '../resource.ts';
import { fill, type Call, type Route } from '../routes.ts';
import { indexRoutes } from './firestore-indexes.ts';

/**
 * Firestore's administration.
 * [databases] https://firebase.google.com/docs/firestore/reference/rest/v1/projects.databases
 * [schedules] …/v1/projects.databases.backupSchedules
 * [backups] …/v1/projects.locations.backups
 */

const DATABASE = 'projects/{project}/databases/{database}';

const createSchema = z.object({
  locationId: z.string(),
  type: z.enum(['FIRESTORE_NATIVE', 'DATASTORE_MODE']),
});
const restoreSchema = z.object({ databaseId: z.string(), backup: z.string() });
const cloneSchema = z.object({ databaseId: z.string(), pitrSnapshot: z.object({ database: z.string() }) });

/** "The period during which past versions of data are retained": an hour, or a week with point-in-time recovery [databases]. */
function described(database: Resource, { cloud }: Call): Resource {
  const { pointInTimeRecoveryEnablement: recovery = 'POINT_IN_TIME_RECOVERY_DISABLED' } = database;
  const { deleteProtectionState = 'DELETE_PROTECTION_DISABLED', createTime = cloud.timestamp() } = database;
  return {
    concurrencyMode: 'PESSIMISTIC',
    appEngineIntegrationMode: 'DISABLED',
    databaseEdition: 'STANDARD',
    uid: `00000000-0000-4000-8000-${String(cloud.serial()).padStart(12, '0')}`,
    ...database,
    deleteProtectionState,
    pointInTimeRecoveryEnablement: recovery,
    versionRetentionPeriod: recovery === 'POINT_IN_TIME_RECOVERY_ENABLED' ? '604800s' : '3600s',
    createTime,
    earliestVersionTime: createTime,
    updateTime: cloud.timestamp(),
    etag: cloud.serial().toString(16),
  };
}

/**
 * Starts a new database with the documents and indexes of `source`. https://firebase.google.com/docs/firestore/backups#restore,
 * https://cloud.google.com/firestore/native/docs/clone
 */
function copy(call: Call, databaseId: string, source: string): Resource {
  const { store, operations } = call.cloud;
  const name = fill(DATABASE, { ...call.ids, database: databaseId });
  const { type = '', locationId = '' } = store.get(`firestore/${source}`);
  // Recovery and protection are those of a new database.
  store.insert(`firestore/${name}`, described({ name, type, locationId }, call));
  for (const key of store.keys()) {
    if (!key.startsWith(`firestore/${source}/collectionGroups/`)) continue;
    const at = key.replace(`firestore/${source}/`, `firestore/${name}/`);
    store.insert(at, { ...store.get(key), name: at.replace(/^firestore\//, '') });
  }
  return operations.start('firestore', name, () => store.get(`firestore/${name}`));
}

function restore(call: Call): Resource {
  const { databaseId, backup } = parse(restoreSchema, call.body);
  return copy(call, databaseId, textIn(call.cloud.store.get(`firestore/${backup}`), 'database'));
}

function clone(call: Call): Resource {
  const { databaseId, pitrSnapshot } = parse(cloneSchema, call.body);
  return copy(call, databaseId, pitrSnapshot.database);
}

/** "Delete Protection is enabled": 400 [databases.delete]. */
function checkProtection(database: Resource): void {
  if (database['deleteProtectionState'] !== 'DELETE_PROTECTION_ENABLED') return;
  throw new CloudError(
    'FAILED_PRECONDITION',
    'Database has delete protection enabled. Disable it before deleting the database.',
  );
}

export const firestoreRoutes: readonly Route[] = [
  ...routesOf({
    service: 'firestore',
    version: 'v1',
    name: DATABASE,
    operationsIn: DATABASE,
    created: (database, call) => {
      parse(createSchema, database);
      return described(database, call);
    },
    updated: (after, _, call) => described(after, call),
    deleted: checkProtection,
  }),
  { method: 'POST', pattern: 'v1/projects/{project}/databases:restore', handle: restore },
  { method: 'POST', pattern: 'v1/projects/{project}/databases:clone', handle: clone },
  ...indexRoutes,
  ...routesOf({
    service: 'firestore',
    version: 'v1',
    name: `${DATABASE}/backupSchedules/{schedule}`,
    idOf: ({ cloud }) => `00000000-0000-4000-9000-${String(cloud.serial()).padStart(12, '0')}`,
    // "at most one daily … and one weekly" backup schedule [schedules]
    created: (schedule, { cloud, ids }) => {
      const database = `firestore/${fill(DATABASE, ids)}`;
      if (cloud.store.find(database) === undefined) throw notFound(fill(DATABASE, ids));
      const isDaily = schedule['dailyRecurrence'] !== undefined;
      if (
        cloud.store
          .list(`${database}/backupSchedules`)
          .some((each) => (each['dailyRecurrence'] !== undefined) === isDaily)
      ) {
        throw new CloudError('ALREADY_EXISTS', 'A backup schedule of this recurrence already exists.');
      }
      return { ...schedule, createTime: cloud.timestamp(), updateTime: cloud.timestamp() };
    },
    updated: (after, _, { cloud }) => ({ ...after, updateTime: cloud.timestamp() }),
  }),
  {
    method: 'GET',
    pattern: 'v1/projects/{project}/locations/{location}/backups',
    handle: ({ cloud, ids }) =>
      asResponse({
        backups: [
          ...cloud.store.list(
            `firestore/projects/${cloud.project.id}/locations/${ids['location'] ?? ''}/backups`,
          ),
        ],
      }),
  },
];
