import * as fc from 'fast-check';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { readStateFile, writeStateFile } from '../../../../infra/emulator/persistence/state-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'calendar-emulator-state-'));
let file: string;
let count = 0;

beforeEach(() => {
  file = join(folder, `state-${(count += 1)}.json`);
});
afterAll(() => rmSync(folder, { recursive: true }));

const STATE = { users: ['Ada', 'Zoë'], nested: { count: 1 } };

test('what is written is what is read, and only its owner can read it', async () => {
  await writeStateFile(file, STATE);
  expect(readStateFile(file)).toEqual({ kind: 'state', state: STATE });
  expect(statSync(file).mode & 0o077).toBe(0);
  expect(existsSync(`${file}.tmp`)).toBe(false);
});

test('a file that does not exist has no state', () => {
  expect(readStateFile(file)).toEqual({ kind: 'none' });
});

test('a link stays a link', async () => {
  await writeStateFile(file, {});
  symlinkSync(file, `${file}.link`);
  await writeStateFile(`${file}.link`, STATE);
  expect(lstatSync(`${file}.link`).isSymbolicLink()).toBe(true);
  expect(readStateFile(file)).toEqual({ kind: 'state', state: STATE });
});

test('a file with any other byte, or cut anywhere, is damaged, and is kept under a new name', async () => {
  await writeStateFile(file, STATE);
  const whole = readFileSync(file);
  const damage = fc.oneof(
    fc.record({ cut: fc.nat(whole.length - 1) }),
    fc.record({ at: fc.nat(whole.length - 1), xor: fc.integer({ min: 1, max: 255 }) }),
  );
  fc.assert(
    fc.property(damage, (how) => {
      const bytes = Buffer.from(whole);
      if ('at' in how) bytes[how.at] = (bytes[how.at] ?? 0) ^ how.xor;
      const damaged = 'cut' in how ? bytes.subarray(0, how.cut) : bytes;
      // A later version is its own error.
      fc.pre(!/"version":(?!1,)\d/.test(damaged.toString('latin1')));
      writeFileSync(file, damaged);
      const found = readStateFile(file);
      expect(found.kind).toBe('damaged');
      expect(existsSync(file)).toBe(false);
      expect(found.kind === 'damaged' && readFileSync(found.keptAs)).toEqual(damaged);
    }),
  );
});

test('a file of a later version is left alone, and the message says what to do', async () => {
  await writeStateFile(file, STATE);
  const text = readFileSync(file, 'utf8').replace('"version":1', '"version":2');
  writeFileSync(file, text);
  expect(() => readStateFile(file)).toThrow(/has version 2 .* update google-calendar-emulator/);
  expect(readFileSync(file, 'utf8')).toBe(text);
});

test('a folder in place of a file is named in the message', () => {
  mkdirSync(file);
  expect(() => readStateFile(file)).toThrow(`${file} is not a file: choose another`);
});

test.skipIf(process.getuid?.() === 0)('a file without permission to read is left alone', async () => {
  await writeStateFile(file, STATE);
  chmodSync(file, 0);
  expect(() => readStateFile(file)).toThrow(`${file} cannot be read (EACCES)`);
  expect(existsSync(file)).toBe(true);
});
