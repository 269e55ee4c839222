/** An emulator as a process of its own, as its users start it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { buildEmulatorCommand } from '../../../infra/build/emulator-command.ts';
import { freePort } from '../../../infra/local/ports.ts';
import { until } from '../../../infra/local/until.ts';
import type { CalendarEvent } from './calendar.ts';
import { type Connection, connect } from './client.ts';

const OUTDIR = fileURLToPath(new URL('../../../dist/bench/emulator', import.meta.url));

/** A kind of emulator. */
export interface Subject {
  /** The arguments of Node for an emulator on a port, with the events of a file. */
  readonly argumentsOf: (port: number, seedFile: string) => readonly string[];
  /** Returns the seed file's content. */
  readonly seedOf: (events: readonly CalendarEvent[]) => unknown;
  /** A path that is answered as soon as the emulator is ready. */
  readonly firstPath: string;
  readonly tokenOf: () => string;
}

export interface Emulator extends Connection {
  readonly url: string;
  /** From the start of the process to its first answer. */
  readonly startMs: number;
  readonly open: () => Connection;
  /** Resident memory in MiB: now, and at most since the start. */
  readonly memory: () => Promise<{ readonly now: number; readonly peak: number }>;
  readonly stop: () => Promise<void>;
}

/** Bundles the emulator as its package is built, and returns the file of its command. */
export async function buildEmulator(): Promise<string> {
  await buildEmulatorCommand(OUTDIR);
  return `${OUTDIR}/main.js`;
}

/** Starts an emulator with a seed file, and resolves when it has answered for the first time. */
export async function startEmulator(subject: Subject, seedFile: string): Promise<Emulator> {
  const port = await freePort();
  const startedAt = performance.now();
  const child = spawn(process.execPath, subject.argumentsOf(port, seedFile), {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const url = `http://127.0.0.1:${String(port)}`;
  const open = (): Connection => connect(url, subject.tokenOf);
  const connection = open();
  const ended = new AbortController();
  const stop = async (): Promise<void> => {
    connection.close();
    await end(child);
  };
  const answers = async (): Promise<true> => {
    if (child.exitCode !== null) ended.abort(new Error(`the emulator ended with ${String(child.exitCode)}`));
    await connection.call('GET', subject.firstPath);
    return true;
  };
  try {
    await until(answers, {
      what: 'the emulator answers',
      withinMs: 600_000,
      everyMs: 2,
      signal: ended.signal,
    });
  } catch (error) {
    await stop();
    throw error;
  }
  const startMs = performance.now() - startedAt;
  return {
    ...connection,
    url,
    startMs,
    open,
    memory: () => memoryOf(child.pid ?? 0),
    stop,
  };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}

async function memoryOf(pid: number): Promise<{ now: number; peak: number }> {
  const status = await readFile(`/proc/${String(pid)}/status`, 'utf8');
  const mib = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]) / 1024;
  return { now: mib('VmRSS'), peak: mib('VmHWM') };
}
