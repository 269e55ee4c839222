import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { until } from './until.ts';

/** The program to start, and how to tell that it is ready. */
export interface ProcessSpec {
  /** Names the process in errors. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** The complete environment of the process: nothing is inherited. */
  readonly env: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Whether the process is ready. Called repeatedly. */
  readonly ready: () => Promise<boolean>;
  /** Milliseconds after which a process that is not ready counts as failed; 60,000 by default. */
  readonly readyWithinMs?: number;
  /** Called for each line of stdout and stderr. */
  readonly onLine?: (line: string) => void;
}

/** A running process and its children. */
export interface RunningProcess {
  readonly pid: number;
  /** Resolves when the process has ended, for any reason. */
  readonly ended: Promise<void>;
  /** Sends SIGTERM to the process group, SIGKILL after ten seconds as Cloud Run does, and waits until it has ended. */
  stop(): Promise<void>;
  /** Sends SIGKILL to the process group, as a crash, and waits until it has ended. */
  kill(): Promise<void>;
}

const TAIL_LINES = 30;
const STOP_TIMEOUT_MS = 10_000;
const GROUP_STOP_TIMEOUT_MS = 500;

/**
 * Starts a process as the leader of a new process group, so that its children end with it, and waits until it is ready. The group
 * also ends when this process does.
 * @throws Error with the end of its output if it ends before it is ready, or is not ready in time.
 */
export async function startProcess(spec: ProcessSpec): Promise<RunningProcess> {
  const child = spawn(spec.command, spec.args, {
    cwd: spec.cwd,
    env: spec.env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const tail: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      tail.push(line);
      if (tail.length > TAIL_LINES) tail.shift();
      spec.onLine?.(line);
    });
  }
  const failure = new Promise<Error>((resolve) => child.once('error', resolve));
  const pid = child.pid;
  if (pid === undefined) throw new Error(`${spec.name} cannot be started: ${(await failure).message}`);

  const ended = once(child, 'close').then(() => undefined);
  groups.add(pid);
  endGroupsWithThisProcess();
  const kill = async (): Promise<void> => {
    signalGroup(pid, 'SIGKILL');
    groups.delete(pid);
    await ended;
  };
  const stop = async (): Promise<void> => {
    signalGroup(pid, 'SIGTERM');
    await Promise.race([ended, pause(STOP_TIMEOUT_MS, undefined, { ref: false })]);
    // The children got the signal too. Those still running after the timeout are killed.
    await until(() => !signalGroup(pid, 0), {
      what: 'its group has ended',
      withinMs: GROUP_STOP_TIMEOUT_MS,
    }).catch(() => undefined);
    await kill();
  };

  const early = ended.then(() => `it ended with ${child.signalCode ?? `exit code ${child.exitCode}`}`);
  const late = until(spec.ready, {
    what: `${spec.name} is ready`,
    withinMs: spec.readyWithinMs ?? 60_000,
    everyMs: 50,
  }).then(
    () => undefined,
    (error: Error) => error.message,
  );
  const problem = await Promise.race([early, late]);
  if (problem === undefined) return { pid, ended, stop, kill };
  await kill();
  throw new Error(`${spec.name} did not start: ${problem}\n${tail.join('\n')}`);
}

/** Sends a signal to a process group. Returns whether the group has any process. */
function signalGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-pid, signal);
  } catch {
    return false;
  }
}

// Module state, because the exit handlers are those of the whole process.
const groups = new Set<number>();
let registered = false;

function endAll(): void {
  for (const pid of groups) signalGroup(pid, 'SIGKILL');
}

function endGroupsWithThisProcess(): void {
  if (registered) return;
  registered = true;
  process.on('exit', endAll);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    const onSignal = (): void => {
      // Another listener shuts down gracefully, after which the "exit" handler runs.
      if (process.listenerCount(signal) > 1) return;
      endAll();
      process.off(signal, onSignal);
      process.kill(process.pid, signal);
    };
    process.on(signal, onSignal);
  }
}
