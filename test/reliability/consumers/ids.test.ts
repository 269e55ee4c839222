/** The examples that encode ids for document paths, in Python and Go, do what the mirror does. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeId } from '../../../functions/firestore/paths.ts';
import { anyCharacter } from '../../support/any-character.ts';
import { INSTALLING, missingGo, missingPython } from './languages.ts';

const folder = (language: string): string =>
  fileURLToPath(new URL(`../../../infra/examples/encode-ids/${language}`, import.meta.url));

const PROGRAMS = [
  {
    language: 'Python',
    missing: missingPython,
    command: ['python3', `${folder('python')}/encode_ids.py`],
  },
  {
    language: 'Go',
    missing: missingGo,
    command: ['go', 'run', `${folder('go')}/main.go`],
  },
] as const;

/** Ids of the characters that are encoded, and of any others. */
const id = fc.oneof(
  fc.string({ unit: fc.constantFrom('_', '.', '/', '%', '2', '5', 'F', '\n', 'a'), maxLength: 8 }),
  fc.string({ unit: anyCharacter }),
);

test.for(PROGRAMS)(
  'ids are encoded in $language as in the mirror, whatever they are',
  INSTALLING,
  (program, { skip }) => {
    const missing = program.missing();
    skip(missing !== '', missing);
    const ids = [
      '.',
      '..',
      '__x__',
      '__\n__',
      '____',
      '___',
      'a/b',
      '100%',
      ...fc.sample(id, { numRuns: 500, seed: 20_300_111 }),
    ];
    const [name, ...args] = program.command;
    const { status, stdout, stderr } = spawnSync(name, args, {
      input: ids.map((each) => `${JSON.stringify(each)}\n`).join(''),
      encoding: 'utf8',
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const encoded: unknown[] = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(encoded).toEqual(ids.map(encodeId));
  },
);
