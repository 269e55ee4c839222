/** Firestore indexes what the functions query, and nothing else. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readConfiguration } from '../../support/terraform/configuration.ts';
import { ofType, wordOf } from '../../support/terraform/deployed.ts';
import { MODULE, PLAIN } from '../../support/terraform/module.ts';
import { planOf } from '../../support/terraform/plan.ts';

const plan = planOf(await readConfiguration(MODULE), PLAIN);
const fields = ofType(plan, 'google_firestore_field').map(({ values }) => values);
const exempt = fields.filter(({ field }) => field === '*');
const indexed = fields
  .filter(({ field }) => field !== '*')
  .map(({ collection, field }) => `${wordOf(collection)}.${wordOf(field)}`);

const mirror = new URL('../../../functions/mirror/', import.meta.url);
const sources = readdirSync(mirror).map(
  (name) => [name, readFileSync(new URL(name, mirror), 'utf8')] as const,
);

/** The fields that a file of `functions/mirror` filters or sorts by. */
const queriedIn = (source: string): readonly string[] =>
  [...source.matchAll(/(?:where|orderBy)\(\s*'(\w+)'/g)].map(([, field = '']) => field);

/** Which collection the queries of a file are on: all others are on the events of a calendar. */
const COLLECTIONS: Readonly<Record<string, string>> = {
  'watches.ts': 'watches',
  'followed.ts': 'watches',
  'wishes.ts': 'watches',
  'channels.ts': 'channels',
};

const queried = new Set(
  sources.flatMap(([name, source]) =>
    queriedIn(source).map((field) => `${COLLECTIONS[name] ?? 'events'}.${field}`),
  ),
);

/** What is there for those who read the mirror, as README.md says. */
const FOR_OTHERS = new Set(['events.eventType', 'events.status']);

test('every field that a query goes by is indexed', () => {
  expect(queried).toContain('events.recurringEventId');
  for (const field of queried) expect(indexed).toContain(field);
});

test('every indexed field is queried, here or by those who read the mirror', () => {
  expect(indexed.filter((field) => !queried.has(field) && !FOR_OTHERS.has(field))).toEqual([]);
});

test('a field that is queried without an index would be found', () => {
  expect(
    queriedIn(`watches.where('spec.user', '==', user).where(\n 'state', '==', 1).orderBy('mirroredAt')`),
  ).toEqual(['state', 'mirroredAt']);
});

test('in every collection that the functions write, everything else is exempt', () => {
  for (const { index_config: config } of exempt) expect(config).toEqual([{}]);
  const collections = exempt.map(({ collection }) => wordOf(collection));
  expect(new Set(indexed.map((field) => field.split('.')[0]))).toEqual(
    new Set(['channels', 'events', 'watches']),
  );
  const written = sources.flatMap(([, source]) =>
    [...source.matchAll(/collection\('(\w+)'\)|collection\(`watches\/\$\{\w+\}\/(\w+)`\)|`claims\//g)].map(
      ([, top, below]) => top ?? below ?? 'claims',
    ),
  );
  expect(new Set(collections)).toEqual(new Set([...written, 'events', 'acl', 'calendarList', 'settings']));
});

const ascending = (...names: readonly string[]): object[] =>
  names.map((name) => ({ field_path: name, order: 'ASCENDING' }));

test('the agenda has its composite indexes', () => {
  const composite = ofType(plan, 'google_firestore_index').map(({ values }) => [
    values['collection'],
    values['fields'],
  ]);
  expect(composite).toEqual([
    ['events', ascending('recurringEventId', 'startsAt')],
    ['events', ascending('endsAt', 'startsAt')],
  ]);
});
