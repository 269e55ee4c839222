import * as z from 'zod';

import { CloudError, notFound } from '../errors.ts';
import { asResponse, parse, resourceSchema, type Resource } from '../resource.ts';
import { fill, type Call, type Route } from '../routes.ts';

/**
 * Indexes of Firestore.
 * [indexes] https://firebase.google.com/docs/firestore/reference/rest/v1/projects.databases.collectionGroups.indexes
 * [fields] …/v1/projects.databases.collectionGroups.fields
 */

const DATABASE = 'projects/{project}/databases/{database}';
const GROUP = `${DATABASE}/collectionGroups/{group}`;
const INDEX = `${GROUP}/indexes/{index}`;
const FIELD = `${GROUP}/fields/{field}`;

const fieldPart = z.object({ fieldPath: z.string(), order: z.string().optional() });
const indexSchema = z.looseObject({
  queryScope: z.string().default('COLLECTION'),
  fields: z.array(z.looseObject(fieldPart.shape)).min(2),
});
const fieldSchema = z.object({
  indexConfig: z
    .object({
      indexes: z
        .array(
          z.looseObject({
            queryScope: z.string(),
            fields: z.array(
              z.looseObject({ order: z.string().optional(), arrayConfig: z.string().optional() }),
            ),
          }),
        )
        .default([]),
    })
    .optional(),
});

/** @throws CloudError if too many changes of the database's indexes run, and 404 without the database. */
function startChange(
  { cloud, ids }: Call,
  message: string,
  status: 'ABORTED' | 'FAILED_PRECONDITION',
): string {
  const database = fill(DATABASE, ids);
  if (cloud.store.find(`firestore/${database}`) === undefined) throw notFound(database);
  if (cloud.operations.running('firestore', database) >= cloud.refusals.indexChanges) {
    throw new CloudError(status, message);
  }
  return database;
}

/** Index fields as text, to compare them. */
const textOf = (index: Resource): string => {
  const { queryScope, fields } = parse(indexSchema, index);
  return JSON.stringify([queryScope, fields.map(({ fieldPath, order }) => [fieldPath, order])]);
};

function createIndex(call: Call): Resource {
  const { cloud, ids } = call;
  const { store } = cloud;
  const wanted = parse(indexSchema, call.body);
  const last = wanted.fields.at(-1);
  // "If, on creation, __name__ was not specified as the last field, it will be added automatically with the same direction as that of
  // the last field defined" [indexes, IndexField]
  const fields =
    last?.fieldPath === '__name__'
      ? wanted.fields
      : [...wanted.fields, { fieldPath: '__name__', order: last?.order ?? 'ASCENDING' }];
  const name = fill(INDEX, { ...ids, index: `CICAg${String(cloud.serial()).padStart(7, '0')}` });
  const index = parse(resourceSchema, { ...wanted, name, fields, state: 'CREATING', density: 'SPARSE_ALL' });
  const database = fill(DATABASE, ids);
  if (store.list(`firestore/${fill(GROUP, ids)}/indexes`).some((each) => textOf(each) === textOf(index))) {
    throw new CloudError('ALREADY_EXISTS', 'index already exists');
  }
  startChange(call, 'There is another index operation in progress for this database.', 'FAILED_PRECONDITION');
  store.insert(`firestore/${name}`, index);
  return cloud.operations.start(
    'firestore',
    database,
    () => {
      const ready = { ...index, state: 'READY' };
      store.replace(`firestore/${name}`, ready);
      return ready;
    },
    // "The index resource that this operation is acting on" [IndexOperationMetadata]
    { '@type': 'type.googleapis.com/google.firestore.admin.v1.IndexOperationMetadata', index: name },
  );
}

/**
 * A field without a configuration of its own: "from which it would be set if this field had no index configuration" [fields,
 * IndexConfig].
 */
function fieldOf({ cloud, ids }: Call): Resource {
  const name = fill(FIELD, ids);
  const stored = cloud.store.find(`firestore/${name}`);
  const star = fill(FIELD, { ...ids, field: '*' });
  const ancestor = fill(FIELD, { ...ids, group: '__default__', field: '*' });
  const hasStar = ids['field'] !== '*' && cloud.store.find(`firestore/${star}`) !== undefined;
  const ancestorField = hasStar ? star : ancestor;
  if (stored === undefined) return { name, indexConfig: { usesAncestorConfig: true, ancestorField } };
  const { indexConfig } = parse(z.object({ indexConfig: resourceSchema }), stored);
  return { ...stored, indexConfig: { ...indexConfig, ancestorField } };
}

/** Sets a field's indexes, or removes its configuration if the request has none [fields.patch]. */
function patchField(call: Call): Resource {
  const { cloud, ids } = call;
  const { store } = cloud;
  const name = fill(FIELD, ids);
  const { indexConfig } = parse(fieldSchema, call.body);
  const database = startChange(
    call,
    'Please retry, underlying data changed: another index operation is in progress for this database.',
    'ABORTED',
  );
  return cloud.operations.start('firestore', database, () => {
    const key = `firestore/${name}`;
    if (store.find(key) !== undefined) store.remove(key);
    if (indexConfig !== undefined) {
      const indexes = indexConfig.indexes.map((index) => ({
        ...index,
        fields: index.fields.map((field) => ({ fieldPath: ids['field'] ?? '', ...field })),
        state: 'READY',
      }));
      store.insert(key, parse(resourceSchema, { name, indexConfig: { indexes } }));
    }
    return fieldOf(call);
  });
}

export const indexRoutes: readonly Route[] = [
  { method: 'POST', pattern: `v1/${GROUP}/indexes`, handle: createIndex },
  {
    method: 'GET',
    pattern: `v1/${GROUP}/indexes`,
    handle: ({ cloud, ids }) =>
      asResponse({
        indexes: [
          ...cloud.store.list(`firestore/${fill(GROUP, { ...ids, group: ids['group'] ?? '-' })}/indexes`),
        ],
      }),
  },
  {
    method: 'GET',
    pattern: `v1/${INDEX}`,
    handle: ({ cloud, ids }) => cloud.store.get(`firestore/${fill(INDEX, ids)}`),
  },
  {
    method: 'DELETE',
    pattern: `v1/${INDEX}`,
    handle: (call) => {
      const key = `firestore/${fill(INDEX, call.ids)}`;
      call.cloud.store.get(key);
      startChange(
        call,
        'There is another index operation in progress for this database.',
        'FAILED_PRECONDITION',
      );
      call.cloud.store.remove(key);
      return {};
    },
  },
  { method: 'GET', pattern: `v1/${FIELD}`, handle: (call) => asResponse(fieldOf(call)) },
  { method: 'PATCH', pattern: `v1/${FIELD}`, handle: patchField },
];
