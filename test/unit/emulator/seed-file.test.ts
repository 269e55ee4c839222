import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { readSeedFile } from '../../../infra/emulator/seed/seed-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'seed-'));
afterAll(() => rmSync(folder, { recursive: true }));

function fileWith(name: string, content: string): string {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
}

test.each(['seed.json', 'seed.yaml'])('a byte order mark at the start of %s is skipped', async (name) => {
  expect(await readSeedFile(fileWith(name, '\u{FEFF}{"users": []}'))).toEqual({ users: [] });
});

const levels = (count: number): string => '['.repeat(count) + ']'.repeat(count);
/** Each line has nine times what the line before has. */
const nine = (name: string, of: string): string => `${name}: &${name} [${`*${of}, `.repeat(9)}]`;
const bomb = ['a: &a [x]', nine('b', 'a'), nine('c', 'b'), nine('d', 'c'), nine('e', 'd'), nine('f', 'e')];

describe('a mistake in one line', () => {
  test.each([
    ['seed.json', `{"users": ${levels(20_000)}}`, 'is nested in more than 100 levels'],
    ['seed.yaml', 'users: &all [*all, *all]', 'is nested in more than 100 levels'],
    ['seed.yaml', bomb.join('\n'), 'is not valid YAML: Excessive alias count'],
    ['seed.yaml', 'users: *unknown', 'Unresolved alias'],
    ['seed.yaml', 'users: []\n---\nusers: []', 'line 2: a second document begins: a seed is one'],
  ])('%s (%#)', async (name, content, what) => {
    const file = fileWith(name, content);
    const error: unknown = await readSeedFile(file).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ name: 'SeedError', message: expect.stringContaining(what) });
    expect(error).toMatchObject({ message: expect.stringMatching(/^.+$/) });
    expect(error).toMatchObject({ message: expect.stringContaining(`${file}: `) });
  });
});
