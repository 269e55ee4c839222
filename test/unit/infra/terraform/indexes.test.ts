/** Firestore indexes exactly the fields that queries use. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { TOKENS } from '../../../../functions/calendar/auth/tokens.ts';
import {
  COMPOSITE_INDEXES,
  FIELD_INDEXES,
  type CompositeIndex,
} from '../../../../infra/cli/doctor/indexes.ts';
import {
  configurationOf,
  readConfiguration,
  readTexts,
  type Configuration,
} from '../../../support/terraform/configuration.ts';
import { ofType, wordOf } from '../../../support/terraform/deployed.ts';
import { isAfter } from '../../../support/terraform/order.ts';
import { MODULE, PLAIN } from '../../../support/terraform/module.ts';
import { planOf } from '../../../support/terraform/plan.ts';

const configuration = await readConfiguration(MODULE);
const plan = planOf(configuration, PLAIN);
const fields = ofType(plan, 'google_firestore_field').map(({ values }) => values);
const exempt = fields.filter(({ field }) => field === '*');
const indexed = fields
  .filter(({ field }) => field !== '*')
  .map(({ collection, field }) => `${wordOf(collection)}.${wordOf(field)}`);

const functions = new URL('../../../../functions/', import.meta.url);
const sources = ['mirror', 'watches'].flatMap((folder) =>
  readdirSync(new URL(folder, functions)).map(
    (name) => [name, readFileSync(new URL(`${folder}/${name}`, functions), 'utf8')] as const,
  ),
);

/** Returns the fields that a source file filters or sorts by. */
const queriedIn = (source: string): readonly string[] =>
  [...source.matchAll(/(?:where|orderBy)\(\s*'(\w+)'/g)].map(([, field = '']) => field);

/** The collection that the queries of a file are on. Queries of all other files are on events. */
const COLLECTIONS: Readonly<Record<string, string>> = {
  'watches.ts': 'watches',
  'upkeep.ts': 'watches',
  'followed.ts': 'watches',
  'channels.ts': 'channels',
};

const queried = new Set(
  sources.flatMap(([name, source]) =>
    queriedIn(source).map((field) => `${COLLECTIONS[name] ?? 'events'}.${field}`),
  ),
);

/** Indexed for consumers that read the mirror, as functions/README.md documents. */
const FOR_OTHERS = new Set(['events.endsAt', 'events.eventType', 'events.status']);

test('every queried field is indexed', () => {
  expect(queried).toContain('events.recurringEventId');
  for (const field of queried) expect(indexed).toContain(field);
});

test('every indexed field is queried by the functions or documented for consumers', () => {
  expect(indexed.filter((field) => !queried.has(field) && !FOR_OTHERS.has(field))).toEqual([]);
});

test('queried fields are found in where and orderBy, except nested ones', () => {
  expect(
    queriedIn(`watches.where('spec.user', '==', user).where(\n 'state', '==', 1).orderBy('mirroredAt')`),
  ).toEqual(['state', 'mirroredAt']);
});

test('all other fields of every collection that is written are exempt from indexing', () => {
  for (const { index_config: config } of exempt) expect(config).toEqual([{}]);
  const collections = exempt.map(({ collection }) => wordOf(collection));
  expect(new Set(indexed.map((field) => field.split('.')[0]))).toEqual(
    new Set(['channels', 'events', 'watches']),
  );
  const written = sources.flatMap(([, source]) =>
    [
      ...source.matchAll(
        /collection\('(\w+)'\)|collection\(`watches\/\$\{\w+\}\/(\w+)`\)|`(claims|epochs)\//g,
      ),
    ].map(([, top, below, path]) => top ?? below ?? path),
  );
  expect(new Set(collections)).toEqual(
    new Set([...written, 'events', 'acl', 'calendarList', 'settings', TOKENS]),
  );
});

const ascending = (field: string): object => ({ field_path: field, order: 'ASCENDING' });

const needed: readonly CompositeIndex[] = Object.values(COMPOSITE_INDEXES);

test('Terraform creates exactly the composite indexes that queries need', () => {
  const composite = ofType(plan, 'google_firestore_index').map(({ values }) => [
    values['collection'],
    values['query_scope'],
    values['fields'],
  ]);
  expect(new Set(composite)).toEqual(
    new Set(needed.map(({ scope, fields: names }) => ['events', scope, names.map(ascending)])),
  );
});

test('every field of a composite index is queried', () => {
  const example = readFileSync(new URL('../infra/examples/read-the-mirror/index.ts', functions), 'utf8');
  const [, overAll = ''] = example.split("collectionGroup('events')");
  const byScope = {
    COLLECTION: [...queried],
    COLLECTION_GROUP: queriedIn(overAll).map((field) => `events.${field}`),
  };
  for (const { scope, fields: names } of needed)
    for (const field of names) expect(byScope[scope]).toContain(`events.${field}`);
});

const alone = Object.entries(FIELD_INDEXES).flatMap(([collection, names]) =>
  names.map((name) => `${collection}.${name}`),
);

test('doctor checks an index of every queried field, a single-field or a composite one', () => {
  const checked = new Set([
    ...alone,
    ...needed.flatMap((index) => index.fields).map((name) => `events.${name}`),
  ]);
  expect([...queried].filter((field) => !checked.has(field))).toEqual([]);
  expect(alone.filter((field) => !queried.has(field) || !indexed.includes(field))).toEqual([]);
});

/** Changes of indexes of the database, as addresses of instances. */
const changes = plan.resources
  .filter(({ type }) => /^google_firestore_(field|index)$/.test(type))
  .map(({ address }) => address);

/** Firestore rejects one that starts while another one does. */
const unordered = (of: Configuration): readonly string[] =>
  changes.flatMap((one, index) =>
    changes
      .slice(index + 1)
      .filter((other) => !isAfter(of, one, other) && !isAfter(of, other, one))
      .map((other) => `${one}, ${other}`),
  );

test('no two changes of indexes run at the same time', () => {
  expect(changes.length).toBeGreaterThan(20);
  expect(unordered(configuration)).toEqual([]);
});

test('two changes of indexes without an order are found', async () => {
  const texts = readTexts(MODULE);
  const mistaken = texts['exempt-fields.tf']?.replace('  depends_on = [google_firestore_field.acl]\n', '');
  const broken = await configurationOf({ ...texts, 'exempt-fields.tf': mistaken ?? '' }, MODULE);
  expect(unordered(broken)).toContain('google_firestore_field.acl, google_firestore_field.calendar_list');
});
