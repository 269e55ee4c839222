import * as z from 'zod';

import { FIELD_INDEXES } from './indexes.ts';
import { lookupFailure, type CloudApi, type LookupResult } from './cloud-api.ts';
import { unknown, well, wrong, type Finding } from './finding.ts';

/**
 * Checks single-field indexes and exemptions. A field without a configuration of its own reports the configuration that it inherits
 * (`usesAncestorConfig`), so `indexes` are always those in effect.
 * https://firebase.google.com/docs/firestore/reference/rest/v1/projects.databases.collectionGroups.fields
 */

export interface Place {
  readonly project: string;
  readonly database: string;
}

/** Returns the flags of gcloud that name a place. */
export const flagsOf = ({ project, database }: Place): string =>
  `--database='${database}' --project=${project}`;

const fieldSchema = z.object({
  indexConfig: z
    .object({
      indexes: z
        .array(
          z.object({
            queryScope: z.string().nullish(),
            state: z.string().nullish(),
            fields: z
              .array(z.object({ order: z.string().nullish(), arrayConfig: z.string().nullish() }))
              .nullish(),
          }),
        )
        .nullish(),
      reverting: z.boolean().nullish(),
    })
    .nullish(),
});
export type Field = z.infer<typeof fieldSchema>;

const EXEMPT = 'exemption of data';

/** Judges whether the contents of events are exempt from indexing. Pure. */
export function judgeExemption({ indexConfig }: Field, place: Place): Finding {
  if (indexConfig?.reverting === true) return unknown(EXEMPT, 'is being reconfigured', 'try again later');
  if (indexConfig && (indexConfig.indexes ?? []).length === 0) {
    return well(EXEMPT, 'contents of events are not indexed');
  }
  return wrong(
    EXEMPT,
    'contents of events are indexed: each write costs more, and large items are rejected',
    `gcloud firestore indexes fields update data --collection-group=events --disable-indexes ${flagsOf(place)}`,
  );
}

/** A field that queries filter by, with its current configuration. */
export interface Queried {
  readonly collection: string;
  readonly field: string;
  readonly is: Field;
}

const INDEXED = 'indexed fields';

/** Returns the state of the index that a query by the field uses, or `MISSING`. */
function indexState({ is: { indexConfig } }: Queried): string {
  const found = indexConfig?.indexes?.filter(
    ({ queryScope, fields }) =>
      queryScope === 'COLLECTION' && fields?.some(({ order }) => order === 'ASCENDING'),
  );
  if (found === undefined || found.length === 0) return 'MISSING';
  return found.find(({ state }) => state === 'READY') ? 'READY' : (found[0]?.state ?? 'READY');
}

const orderFlag = (order: string): string =>
  order === 'DESCENDING' ? 'order=descending' : 'order=ascending';

/**
 * Returns the command that adds an ascending index. gcloud deletes each index of the field that the command does not list, and cannot
 * list collection-group indexes.
 */
function indexCommand({ collection, field, is: { indexConfig } }: Queried, place: Place): string {
  const kept = indexConfig?.indexes ?? [];
  if (kept.some(({ queryScope }) => queryScope !== 'COLLECTION')) {
    return `add an ascending index to ${collection}.${field} in the Google Cloud console, Firestore > Indexes > Single field`;
  }
  const given = kept.flatMap(({ fields }) =>
    (fields ?? []).map(({ order }) => (order ? orderFlag(order) : 'array-config=contains')),
  );
  const flags = ['order=ascending', ...given].map((index) => `--index=${index}`).join(' ');
  return `gcloud firestore indexes fields update ${field} --collection-group=${collection} ${flags} ${flagsOf(place)}`;
}

/** Judges whether the fields that queries filter by are indexed. Pure. */
export function judgeFields(fields: readonly Queried[], place: Place): Finding {
  const named = (those: readonly Queried[]): string =>
    those.map(({ collection, field }) => `${collection}.${field}`).join(', ');
  const missing = fields.filter((each) => indexState(each) === 'MISSING');
  if (missing.length > 0) {
    const commands = missing.map((each) => indexCommand(each, place));
    return wrong(INDEXED, `no index on ${named(missing)}: queries by it fail`, commands.join('; '));
  }
  const building = fields.filter((each) => indexState(each) !== 'READY');
  return building.length > 0
    ? wrong(INDEXED, `the index on ${named(building)} is not ready`, 'wait until it is built')
    : well(INDEXED, named(fields));
}

export async function examineFields(api: CloudApi, place: Place): Promise<readonly Finding[]> {
  const { firestore } = await import('googleapis/build/src/apis/firestore/index.js');
  const { fields } = firestore('v1').projects.databases.collectionGroups;
  const groups = `projects/${place.project}/databases/${place.database}/collectionGroups`;
  const read = (collection: string, field: string): Promise<LookupResult<Field>> =>
    api.get('firestore', fieldSchema, (options) =>
      fields.get({ name: `${groups}/${collection}/fields/${field}` }, options),
    );
  const names = Object.entries(FIELD_INDEXES).flatMap(([collection, those]) =>
    those.map((field) => ({ collection, field })),
  );
  const [data, ...queried] = await Promise.all([
    read('events', 'data'),
    ...names.map(async ({ collection, field }) => ({
      collection,
      field,
      result: await read(collection, field),
    })),
  ]);
  const exempt =
    data.state === 'unknown'
      ? lookupFailure(EXEMPT, data)
      : judgeExemption(data.state === 'found' ? data.value : {}, place);
  const unseen = queried.find(({ result }) => result.state === 'unknown');
  if (unseen?.result.state === 'unknown') return [exempt, lookupFailure(INDEXED, unseen.result)];
  const known = queried.map(({ collection, field, result }) => ({
    collection,
    field,
    is: result.state === 'found' ? result.value : {},
  }));
  return [exempt, judgeFields(known, place)];
}
