/** The doctor's findings on the database, its indexes and the exemptions from indexing. */
import { describe, expect, test } from 'vitest';
import { judgeChoice, judgeDatabase, judgeIndexes } from '../../../../../infra/cli/doctor/database.ts';
import { judgeExemption, judgeFields } from '../../../../../infra/cli/doctor/fields.ts';
import { COMPOSITE_INDEXES } from '../../../../../infra/cli/doctor/indexes.ts';
import {
  deployed,
  exemptData,
  indexedData,
  indexedField,
  readyIndex,
} from '../../../../support/deployed-cloud.ts';

const place = { project: 'demo-deployed', database: 'calendar-mirror' };
const needed = COMPOSITE_INDEXES.agenda;
const others = Object.values(COMPOSITE_INDEXES).slice(1).map(readyIndex);

test('a database that is not in native mode is wrong', () => {
  expect(judgeDatabase({ type: 'FIRESTORE_NATIVE' }, place)).toMatchObject({ verdict: 'well' });
  expect(judgeDatabase({ type: 'DATASTORE_MODE' }, place)).toMatchObject({ verdict: 'wrong' });
});

test('a missing database is created with what protects it', () => {
  const create =
    /^gcloud firestore databases create .*--delete-protection --enable-pitr --database='calendar-mirror'/;
  expect(judgeDatabase(undefined, place).fix).toMatch(create);
  expect(judgeDatabase(undefined, { ...place, database: '(default)' }).fix).toMatch(
    /^give --database calendar-mirror, .*, or gcloud firestore databases create /,
  );
});

test('the default database is named as one that other applications may use', () => {
  const { verdict, says } = judgeDatabase({ type: 'FIRESTORE_NATIVE' }, { ...place, database: '(default)' });
  expect(verdict).toBe('well');
  expect(says).toContain('of other applications: see infra/terraform/README.md, The database');
});

test('another database than that of the functions is wrong', () => {
  const [receive, sync, renew] = [deployed('receive'), deployed('sync'), deployed('renew')];
  expect(judgeChoice('calendar-mirror', { receive, sync, renew })).toEqual([]);
  expect(judgeChoice('(default)', { receive, sync: undefined, renew: undefined })).toEqual([]);
  expect(judgeChoice('(default)', { receive, sync, renew })).toEqual([
    {
      what: 'database',
      verdict: 'wrong',
      says: 'the functions use calendar-mirror, and this command (default)',
      fix: "give --database 'calendar-mirror', or export FIRESTORE_DATABASE='calendar-mirror'",
    },
  ]);
});

describe('composite indexes', () => {
  const descending = readyIndex(needed).fields.map((field) => ({ ...field, order: 'DESCENDING' }));
  test.each([
    [
      'all needed indexes are well',
      [readyIndex({ ...needed, fields: ['a', 'b'] }), readyIndex(needed)],
      undefined,
    ],
    [
      'an index that is rebuilt next to a ready one is well',
      [{ ...readyIndex(needed), state: 'CREATING' }, readyIndex(needed)],
      undefined,
    ],
    [
      'an index that is still being built is wrong',
      [{ ...readyIndex(needed), state: 'CREATING' }],
      /^is CREATING$/,
    ],
    [
      'an index that failed to build is wrong',
      [{ ...readyIndex(needed), state: 'NEEDS_REPAIR' }],
      /^failed to build$/,
    ],
    [
      'an index of collection-group scope is wrong',
      [{ ...readyIndex(needed), queryScope: 'COLLECTION_GROUP' }],
      /^no index on/,
    ],
    [
      'an index with its fields in reverse order is wrong',
      [readyIndex({ ...needed, fields: needed.fields.toReversed() })],
      /^no index on/,
    ],
    ['a descending index is wrong', [{ ...readyIndex(needed), fields: descending }], /^no index on/],
    ['a missing index is wrong', [], /^no index on/],
  ])('%s', (_, indexes, says) => {
    const wrongs = judgeIndexes([...others, ...indexes], place).filter(({ verdict }) => verdict !== 'well');
    const wrong = { what: 'index agenda', verdict: 'wrong', says: expect.stringMatching(says ?? '') };
    expect(wrongs).toMatchObject(says === undefined ? [] : [wrong]);
  });

  test('each missing index comes with the command that creates it', () => {
    const fixes = judgeIndexes([], place).map(({ fix = '' }) =>
      [...fix.matchAll(/field-path=(\w+),order=ascending/g)].map(([, field]) => field),
    );
    expect(fixes).toEqual(Object.values(COMPOSITE_INDEXES).map(({ fields }) => fields));
  });

  test('an index over all calendars is missing where only one of each calendar is there', () => {
    const narrow = Object.values(COMPOSITE_INDEXES).map((index) => ({
      ...readyIndex(index),
      queryScope: 'COLLECTION',
    }));
    const [, ...overAll] = judgeIndexes(narrow, place);
    expect(overAll).toHaveLength(3);
    for (const finding of overAll) {
      expect(finding.says).toMatch(/^no index on .*: queries over all calendars fail$/);
      expect(finding.fix).toContain('--query-scope=collection-group ');
    }
  });

  test('an index that failed to build is deleted first, because it never becomes ready', () => {
    const [finding] = judgeIndexes([{ ...readyIndex(needed), state: 'NEEDS_REPAIR' }], place);
    expect(finding?.fix).toMatch(/composite delete CICAgJiUpoMK .* && .*composite create /);
  });
});

describe('the contents of events', () => {
  test.each([
    ['exempt by the wildcard of the collection, as Terraform sets it, are well', exemptData, 'well'],
    ['exempt with an explicit empty list are well', { indexConfig: { indexes: [] } }, 'well'],
    ['exempt by their own configuration are well', { indexConfig: {} }, 'well'],
    ['indexed by default are wrong', indexedData, 'wrong'],
    [
      'indexed by their own configuration are wrong',
      { indexConfig: { indexes: [{ queryScope: 'COLLECTION' }] } },
      'wrong',
    ],
    ['without a configuration are wrong', {}, 'wrong'],
    ['that are being reconfigured are unknown', { indexConfig: { reverting: true } }, 'unknown'],
  ])('%s', (_, field, verdict) => {
    expect(judgeExemption(field, place)).toMatchObject({ verdict });
  });
});

const fixOf = (is: Parameters<typeof judgeExemption>[0]) =>
  judgeFields([{ collection: 'watches', field: 'nextDueAt', is }], place).fix ?? '';
const command = (flags: string): string =>
  `gcloud firestore indexes fields update nextDueAt --collection-group=watches ${flags} --database='calendar-mirror' --project=demo-deployed`;

describe('a field that queries filter by', () => {
  const { indexConfig } = indexedField('watches', 'nextDueAt');
  const [index] = indexConfig.indexes;
  const other = { collection: 'channels', field: 'nextDueAt', is: indexedField('channels', 'nextDueAt') };
  const building = { ...index, state: 'CREATING' };
  const descending = { ...index, fields: [{ order: 'DESCENDING' }] };
  test.each([
    [
      'is well with an index of its own',
      { indexConfig },
      'well',
      /^watches\.nextDueAt, channels\.nextDueAt$/,
    ],
    ['is well with the default indexes', indexedData, 'well', /watches/],
    ['is wrong if exempt', exemptData, 'wrong', /^no index on watches\.nextDueAt: /],
    ['is wrong without a configuration', {}, 'wrong', /^no index on watches\.nextDueAt: /],
    [
      'is wrong with only a descending index',
      { indexConfig: { indexes: [descending] } },
      'wrong',
      /^no index on watches/,
    ],
    [
      'is wrong while its index is being built',
      { indexConfig: { indexes: [building] } },
      'wrong',
      /is not ready$/,
    ],
  ])('%s', (_, is, verdict, says) => {
    const finding = judgeFields([{ collection: 'watches', field: 'nextDueAt', is }, other], place);
    expect(finding).toMatchObject({ what: 'indexed fields', verdict, says: expect.stringMatching(says) });
  });

  test('comes with a command that adds its index and keeps all others', () => {
    const array = { queryScope: 'COLLECTION', fields: [{ arrayConfig: 'CONTAINS' }] };
    expect(fixOf(exemptData)).toBe(command('--index=order=ascending'));
    expect(fixOf({ indexConfig: { indexes: [descending, array] } })).toBe(
      command('--index=order=ascending --index=order=descending --index=array-config=contains'),
    );
    const group = { ...descending, queryScope: 'COLLECTION_GROUP' };
    expect(fixOf({ indexConfig: { indexes: [group] } })).toMatch(/^add an ascending index .* console/);
  });
});
