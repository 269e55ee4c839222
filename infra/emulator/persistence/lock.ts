import { linkSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { StateFileError } from './error.ts';

/** A file beside the state file that keeps a second process from using it. */
export interface Lock {
  release(): void;
}

/** How often a lock is touched. Of another machine's process, or another container's, nothing else tells that it is alive. */
const TOUCH_MS = 3_000;
const STALE_AFTER_MS = 5 * TOUCH_MS;

const held = new Set<string>();

/**
 * Takes the lock of a state file. The lock of a process that was killed is replaced.
 * @throws StateFileError if another process, or another emulator of this one, has it
 */
export function takeLock(file: string): Lock {
  const path = `${file}.lock`;
  const owner = `${JSON.stringify({ pid: process.pid, host: hostname() })}\n`;
  if (held.has(path)) throw inUse(file, path, 'another emulator of this process');
  if (!create(path, owner)) {
    const found = read(path);
    const user = userOf(path, found);
    if (user !== undefined) throw inUse(file, path, user);
    discard(path, found);
    if (!create(path, owner)) throw inUse(file, path, 'a process that has just started');
  }
  held.add(path);
  const touching = setInterval(() => touch(path), TOUCH_MS).unref();
  return {
    release() {
      clearInterval(touching);
      held.delete(path);
      if (read(path) === owner) rmSync(path, { force: true });
    },
  };
}

function create(path: string, owner: string): boolean {
  try {
    writeFileSync(path, owner, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
}

/** Removes a lock that was found to be stale, but no other that has replaced it in the meantime. */
function discard(path: string, found: string): void {
  const aside = `${path}.${process.pid}`;
  try {
    renameSync(path, aside);
    if (read(aside) !== found) linkSync(aside, path);
  } catch (error) {
    if (!hasCode(error, 'ENOENT') && !hasCode(error, 'EEXIST')) throw error;
  }
  rmSync(aside, { force: true });
}

/** Returns the process that uses a lock, or undefined if it has ended. */
function userOf(path: string, found: string): string | undefined {
  const [, pid, host] = /^{"pid":(\d+),"host":(".*")}$/.exec(found.trim()) ?? [];
  if (pid === undefined || host === undefined) return isRecent(path) ? 'a process' : undefined;
  if (host !== JSON.stringify(hostname()))
    return isRecent(path) ? `process ${pid} on the host ${host}` : undefined;
  // This process does not have it: it is of an earlier process of the same number, as in containers.
  return Number(pid) !== process.pid && isAlive(Number(pid)) ? `process ${pid}` : undefined;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return hasCode(error, 'EPERM');
  }
}

function isRecent(path: string): boolean {
  const { mtimeMs } = statSync(path, { throwIfNoEntry: false }) ?? { mtimeMs: 0 };
  return Date.now() - mtimeMs < STALE_AFTER_MS;
}

function touch(path: string): void {
  try {
    utimesSync(path, new Date(), new Date());
  } catch {
    // The folder is gone: the next save says so.
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;

const inUse = (file: string, path: string, user: string): StateFileError =>
  new StateFileError(
    `${file} is in use by ${user}: stop it, choose another file, or delete ${path} if that process has ended`,
  );
