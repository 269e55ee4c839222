import * as z from 'zod';

import { notKnown, type CloudApi } from './cloud-api.ts';
import { well, wrong, type Finding } from './finding.ts';

/** The database and its indexes ("Cloud Firestore API: databases, collectionGroups.indexes, collectionGroups.fields"). */

export interface Place {
  readonly project: string;
  readonly database: string;
}

const databaseSchema = z.object({ type: z.string(), locationId: z.string().optional() });

/** Judges the database; undefined is one that does not exist. Pure. */
export function judgeDatabase(
  found: z.infer<typeof databaseSchema> | undefined,
  { project, database }: Place,
): Finding {
  if (found === undefined) {
    const mend = `gcloud firestore databases create --database='${database}' --location=<region> --project=${project}`;
    return wrong('database', `there is no ${database}`, mend);
  }
  return found.type === 'FIRESTORE_NATIVE'
    ? well('database', `${database}, in native mode`)
    : wrong(
        'database',
        `${database} is not in native mode`,
        'create another one, and set FIRESTORE_DATABASE to its name',
      );
}

const indexesSchema = z.object({
  indexes: z
    .array(
      z.object({
        queryScope: z.string().optional(),
        state: z.string(),
        fields: z.array(z.object({ fieldPath: z.string() })),
      }),
    )
    .default([]),
});

/** The index behind each question about what is on between two moments (see `readAgenda`). */
const AGENDA = ['recurringEventId', 'startsAt'];

/** Judges the composite indexes of `events`. Pure. */
export function judgeIndexes(
  { indexes }: z.infer<typeof indexesSchema>,
  { project, database }: Place,
): Finding {
  const found = indexes.find(({ fields, queryScope }) => {
    const paths = fields.map(({ fieldPath }) => fieldPath).filter((path) => path !== '__name__');
    return queryScope !== 'COLLECTION_GROUP' && JSON.stringify(paths) === JSON.stringify(AGENDA);
  });
  if (found === undefined) {
    const fields = AGENDA.map((path) => `--field-config=field-path=${path},order=ascending`).join(' ');
    const mend = `gcloud firestore indexes composite create --collection-group=events --query-scope=collection ${fields} --database='${database}' --project=${project}`;
    return wrong('index for the agenda', 'there is none: calendar-mirror events will fail', mend);
  }
  return found.state === 'READY'
    ? well('index for the agenda', 'ready')
    : wrong('index for the agenda', `is ${found.state}`, 'wait until it is built');
}

const fieldSchema = z.object({
  indexConfig: z
    .object({ indexes: z.array(z.unknown()).default([]), usesAncestorConfig: z.boolean().default(false) })
    .optional(),
});

/** Judges whether the contents of events are exempt from indexing. Pure. */
export function judgeExemption(
  { indexConfig }: z.infer<typeof fieldSchema>,
  { project, database }: Place,
): Finding {
  const exempt =
    indexConfig !== undefined && !indexConfig.usesAncestorConfig && indexConfig.indexes.length === 0;
  return exempt
    ? well('exemption of data', 'contents of events are not indexed')
    : wrong(
        'exemption of data',
        'contents of events are indexed: each write costs more, and large items are refused',
        `gcloud firestore indexes fields update data --collection-group=events --disable-indexes --database='${database}' --project=${project}`,
      );
}

export async function examineDatabase(api: CloudApi, place: Place): Promise<readonly Finding[]> {
  const path = `v1/projects/${place.project}/databases/${encodeURIComponent(place.database)}`;
  const events = `${path}/collectionGroups/events`;
  const [database, indexes, field] = await Promise.all([
    api.look('firestore', path, databaseSchema),
    api.look('firestore', `${events}/indexes`, indexesSchema),
    api.look('firestore', `${events}/fields/data`, fieldSchema),
  ]);
  if (database.state === 'unknown') return [notKnown('database', database)];
  if (database.state === 'missing') return [judgeDatabase(undefined, place)];
  return [
    judgeDatabase(database.value, place),
    indexes.state === 'unknown'
      ? notKnown('index for the agenda', indexes)
      : judgeIndexes(indexes.state === 'missing' ? { indexes: [] } : indexes.value, place),
    field.state === 'unknown'
      ? notKnown('exemption of data', field)
      : judgeExemption(field.state === 'missing' ? {} : field.value, place),
  ];
}
