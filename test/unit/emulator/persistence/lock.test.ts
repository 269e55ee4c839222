import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { takeLock } from '../../../../infra/emulator/persistence/lock.ts';

const folder = mkdtempSync(join(tmpdir(), 'calendar-emulator-lock-'));
let file: string;
let count = 0;

beforeEach(() => {
  file = join(folder, `state-${(count += 1)}`);
});
afterAll(() => rmSync(folder, { recursive: true }));

const lockedBy = (pid: number, host = hostname(), age = 0): void => {
  writeFileSync(`${file}.lock`, `${JSON.stringify({ pid, host })}\n`);
  const at = new Date(Date.now() - age);
  utimesSync(`${file}.lock`, at, at);
};

/** The number of a process that has ended. */
const endedProcess = (): number => spawnSync(process.execPath, ['--eval', '']).pid;

test('a lock is free again when it is released', () => {
  const lock = takeLock(file);
  expect(existsSync(`${file}.lock`)).toBe(true);
  lock.release();
  expect(existsSync(`${file}.lock`)).toBe(false);
  takeLock(file).release();
});

test('a lock that this process has is not given twice', () => {
  const lock = takeLock(file);
  expect(() => takeLock(file)).toThrow(/in use by another emulator of this process/);
  lock.release();
});

test('a lock of a living process is not taken, and the message names the process and the file', () => {
  lockedBy(process.ppid);
  expect(() => takeLock(file)).toThrow(`${file} is in use by process ${process.ppid}`);
  expect(() => takeLock(file)).toThrow(`delete ${file}.lock`);
});

test.each([
  ['a process that has ended', () => lockedBy(endedProcess())],
  ['an earlier process of this number', () => lockedBy(process.pid)],
  ['a process on another host, long ago', () => lockedBy(1, 'other', 60_000)],
  [
    'nothing that can be read, long ago',
    () => {
      lockedBy(1, 'x', 0);
      writeFileSync(`${file}.lock`, '{');
      utimesSync(`${file}.lock`, new Date(0), new Date(0));
    },
  ],
])('a lock of %s is replaced', (_name, leave) => {
  leave();
  const lock = takeLock(file);
  expect(readFileSync(`${file}.lock`, 'utf8')).toContain(`"pid":${process.pid}`);
  lock.release();
});

test('a lock that a process on another host has touched just now is not taken', () => {
  lockedBy(1, 'other');
  expect(() => takeLock(file)).toThrow('process 1 on the host "other"');
});

test('the lock of another process is not removed on release', () => {
  const lock = takeLock(file);
  lockedBy(1, 'other');
  lock.release();
  expect(existsSync(`${file}.lock`)).toBe(true);
});
