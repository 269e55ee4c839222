/**
 * `functions/SPEC.md` says what always holds and which test fails without it, `infra/emulator/SPEC.md` what is assumed about Google
 * Calendar and which test plays it: this keeps them from going stale.
 */
import { execFile } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { assumptionIds, ASSUMPTIONS, isVisible } from '../../../infra/cli/trial/assumptions.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const VITEST = fileURLToPath(new URL('vitest.mjs', import.meta.resolve('vitest/package.json')));
/** Where an assumption that only the emulator makes is from. */
const SOURCE =
  /^from (?:\[[^\]]+\]\(https:\/\/[^)]+\)|what users report: not documented|a choice: not documented)$/;
const Listed = z.array(z.object({ name: z.string(), file: z.string() }));

/** A statement (I), an assumption (G, E) or a failure (F): its number, and all that is said of it. */
interface Entry {
  readonly id: string;
  readonly text: string;
}

const read = (path: string): string => readFileSync(`${ROOT}/${path}`, 'utf8');
/** The emulator's part first: its assumptions have the lower numbers. */
const spec = read('infra/emulator/SPEC.md') + read('functions/SPEC.md');
/** Every entry begins with its number: a statement or an assumption as a point of a list, a failure as a row of the table. */
const entries: readonly Entry[] = spec
  .split(/^(?=- \*\*[IGE]\d|\| F\d|## )/m)
  .flatMap((text) => (/^(?:- \*\*|\| )([IFGE]\d+)/.exec(text)?.slice(1) ?? []).map((id) => ({ id, text })));
const numbers = (letter: string): readonly string[] =>
  entries.map(({ id }) => id).filter((id) => id.startsWith(letter));
/** The tests that a text links to, as `file name`. */
const testsIn = (text: string): readonly string[] =>
  [...text.matchAll(/\[([^\]]+)\]\((?:\.\.\/)+([^)]+)\)/g)].map(([, name, file]) => `${file} ${name}`);

/** All but `clients`, whose files run programs of other languages to find out what they check. */
const PROJECTS = ['unit', 'cloud', 'reliability'].map((name) => `--project=${name}`);

/** The tests of contracts, which several implementations pass: vitest does not list them without running them. */
const contractTests = globSync('test/support/*-contract/*.ts', { cwd: ROOT }).flatMap((file) =>
  [...readFileSync(`${ROOT}/${file}`, 'utf8').matchAll(/^ *(?:test|\])\('([^']+)'/gm)].map(
    ([, name]) => `${file} ${name}`,
  ),
);

/** Every test there is, in the same form, as vitest names them without running them. */
let tests: ReadonlySet<string>;

beforeAll(async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [VITEST, 'list', '--json', ...PROJECTS], {
    cwd: ROOT,
    maxBuffer: 2 ** 26,
  });
  const listed = Listed.parse(JSON.parse(stdout));
  tests = new Set([...listed.map(({ name, file }) => `${relative(ROOT, file)} ${name}`), ...contractTests]);
});

test('statements and failures are numbered from 1 on, and the failures are thirty-one', () => {
  expect(numbers('I')).toEqual(numbers('I').map((_, index) => `I${index + 1}`));
  expect(numbers('F')).toEqual(Array.from({ length: 31 }, (_, index) => `F${index + 1}`));
});

describe('what SPEC.md says of', () => {
  test.each(entries)('$id names tests that exist under just that name', ({ text }) => {
    const named = testsIn(text);
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((name) => !tests.has(name))).toEqual([]);
  });

  test.each(entries.filter(({ id }) => id.startsWith('I')))('$id names files that exist', ({ text }) => {
    const files = [...text.matchAll(/`((?:\.\.\/)?[\w/-]+\.ts)`/g)].map(([, file]) => file);
    expect(files.length).toBeGreaterThan(0);
    expect(files.filter((file) => !existsSync(`${ROOT}/functions/${file}`))).toEqual([]);
  });

  test.each(entries.filter(({ id }) => id.startsWith('F')))(
    '$id is in the name of its tests',
    ({ id, text }) => {
      const tagged = (name: string): boolean => new RegExp(`\\(.*\\b${id}\\b.*\\)$`).test(name);
      const named = testsIn(text);
      expect(named.filter((name) => !tagged(name))).toEqual([]);
      // A search of the tests for the number finds no others.
      expect([...tests].filter(tagged).toSorted()).toEqual([...named].toSorted());
    },
  );

  test.each(entries.filter(({ id }) => id.startsWith('G')))(
    '$id has a source, and is what the trial assumes',
    ({ id, text }) => {
      const assumption = assumptionIds().find((each) => each === id);
      const [statement = '', source = ''] = text.split('\n  - ');
      expect(statement).toBe(`- **${id}** ${assumption === undefined ? '' : ASSUMPTIONS[assumption]}`);
      expect(source).toMatch(
        /^from (?:\[[^\]]+\]\(https:\/\/[^)]+\)|what users report: not documented)(?:; not visible from outside)?$/,
      );
      const isHidden = source.endsWith('; not visible from outside');
      expect(isHidden).toBe(assumption !== undefined && !isVisible(assumption));
    },
  );
});

test('the assumptions that only the emulator makes are numbered from 1 on, and each has a source', () => {
  expect(numbers('E')).toEqual(numbers('E').map((_, index) => `E${index + 1}`));
  const sources = entries.filter(({ id }) => id.startsWith('E')).map(({ text }) => text.split('\n  - ')[1]);
  expect(sources.length).toBeGreaterThan(0);
  expect(sources.filter((source) => !SOURCE.test(source ?? ''))).toEqual([]);
});

test('the assumptions about Google are those that the trial prints', () => {
  expect(numbers('G')).toEqual(assumptionIds());
  expect(numbers('G')).toEqual(numbers('G').map((_, index) => `G${index + 1}`));
});
