import * as z from 'zod';

import { COMPOSITE_INDEXES, type CompositeIndex } from './indexes.ts';
import { lookupFailure, type CloudApi } from './cloud-api.ts';
import { examineFields, flagsOf, type Place } from './fields.ts';
import { well, wrong, type Finding } from './finding.ts';
import type { Deployment } from './functions.ts';

/** Checks the database and its indexes. https://firebase.google.com/docs/firestore/reference/rest/v1/projects.databases */

const databaseSchema = z.object({ type: z.string().nullish() });

const DEFAULT = '(default)';
const SHARED = `${DEFAULT} (native mode). Its index settings also hold for collections of the same names of other applications: see infra/terraform/README.md, The database`;

/** Compares the database that this command uses with the one that the functions use. Pure. */
export function judgeChoice(database: string, { sync, renew }: Deployment): readonly Finding[] {
  const [used] = [sync, renew].flatMap((each) =>
    each === undefined ? [] : [each.serviceConfig.environmentVariables['FIRESTORE_DATABASE'] ?? DEFAULT],
  );
  if (used === undefined || used === database) return [];
  return [
    wrong(
      'database',
      `the functions use ${used}, and this command ${database}`,
      `give --database '${used}', or export FIRESTORE_DATABASE='${used}'`,
    ),
  ];
}

/** Judges the database; `found` is undefined if it does not exist. Pure. */
export function judgeDatabase(found: z.infer<typeof databaseSchema> | undefined, place: Place): Finding {
  const { database } = place;
  if (found === undefined) {
    const create = `gcloud firestore databases create --location=REGION --type=firestore-native --delete-protection --enable-pitr ${flagsOf(place)}`;
    const fix =
      database === DEFAULT ? `give --database calendar-mirror, where that is the name, or ${create}` : create;
    return wrong('database', `${database} does not exist`, fix);
  }
  return found.type === 'FIRESTORE_NATIVE'
    ? well('database', database === DEFAULT ? SHARED : `${database} (native mode)`)
    : wrong(
        'database',
        `${database} is not in native mode`,
        'create a database in native mode and set FIRESTORE_DATABASE to its name',
      );
}

const indexesSchema = z.object({
  // Responses omit an empty list.
  indexes: z
    .array(
      z.object({
        name: z.string().nullish(),
        queryScope: z.string().nullish(),
        state: z.string().nullish(),
        fields: z
          .array(z.object({ fieldPath: z.string().nullish(), order: z.string().nullish() }))
          .default([]),
      }),
    )
    .default([]),
});
export type Index = z.infer<typeof indexesSchema>['indexes'][number];

/** Returns an index's fields as a comparable string, without the implicit `__name__`. */
const fieldsOf = ({ fields }: Index): string =>
  fields
    .filter(({ fieldPath }) => fieldPath !== '__name__')
    .map(({ fieldPath, order }) => `${fieldPath ?? ''} ${order ?? ''}`)
    .join();

function judgeIndex(
  name: string,
  { scope, fields, without }: CompositeIndex,
  indexes: readonly Index[],
  place: Place,
): Finding {
  const what = `index ${name}`;
  const flags = fields.map((path) => `--field-config=field-path=${path},order=ascending`).join(' ');
  const queryScope = scope === 'COLLECTION' ? 'collection' : 'collection-group';
  const create = `gcloud firestore indexes composite create --collection-group=events --query-scope=${queryScope} ${flags} ${flagsOf(place)}`;
  const wanted = fields.map((field) => `${field} ASCENDING`).join();
  const those = indexes.filter((index) => index.queryScope === scope && fieldsOf(index) === wanted);
  const [first] = those;
  if (first === undefined) {
    return wrong(what, `no index on ${fields.join(', ')}: ${without}`, create);
  }
  if (those.some(({ state }) => state === 'READY')) return well(what, fields.join(', '));
  // Firestore never retries such a build.
  if (first.state === 'NEEDS_REPAIR') {
    const id = first.name?.split('/').at(-1) ?? 'INDEX';
    return wrong(
      what,
      'failed to build',
      `gcloud firestore indexes composite delete ${id} ${flagsOf(place)} && ${create}`,
    );
  }
  return wrong(what, `is ${first.state ?? 'in an unknown state'}`, 'wait until it is built');
}

/** Judges the composite indexes of `events`. Pure. */
export const judgeIndexes = (indexes: readonly Index[], place: Place): readonly Finding[] =>
  Object.entries(COMPOSITE_INDEXES).map(([name, index]) => judgeIndex(name, index, indexes, place));

export async function examineDatabase(api: CloudApi, place: Place): Promise<readonly Finding[]> {
  const { firestore } = await import('googleapis/build/src/apis/firestore/index.js');
  const { databases } = firestore('v1').projects;
  const name = `projects/${place.project}/databases/${place.database}`;
  const parent = `${name}/collectionGroups/events`;
  const [database, indexes, fields] = await Promise.all([
    api.get('firestore', databaseSchema, (options) => databases.get({ name }, options)),
    api.list('firestore', indexesSchema, (options, pageToken) =>
      databases.collectionGroups.indexes.list({ parent, ...(pageToken && { pageToken }) }, options),
    ),
    examineFields(api, place),
  ]);
  if (database.state === 'unknown') return [lookupFailure('database', database)];
  if (database.state === 'missing') return [judgeDatabase(undefined, place)];
  const pages = indexes.state === 'found' ? indexes.value : [];
  return [
    judgeDatabase(database.value, place),
    ...(indexes.state === 'unknown'
      ? [lookupFailure('indexes', indexes)]
      : judgeIndexes(
          pages.flatMap((page) => page.indexes),
          place,
        )),
    ...fields,
  ];
}
