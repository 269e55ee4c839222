import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { until } from './until.ts';

/** What to start, and how to know that it is ready. */
export interface ProcessSpec {
  /** Names the process in errors. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** The whole environment of the process: nothing is inherited. */
  readonly env: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Whether the process does its work by now. */
  readonly ready: () => Promise<boolean>;
  /** Milliseconds until a process that is not ready counts as failed; 60,000 by default. */
  readonly readyWithinMs?: number;
  /** Called with every line the process writes, to either stream. */
  readonly onLine?: (line: string) => void;
}

/** A process that runs, with everything it starts in turn. */
export interface RunningProcess {
  readonly pid: number;
  /** Settles when the process has ended, for whatever reason. */
  readonly ended: Promise<void>;
  /** Asks the whole process group to end, insists after five seconds, and waits until it is gone. */
  stop(): Promise<void>;
  /** Ends the process group at once, as a crash would, and waits until it is gone. */
  kill(): Promise<void>;
}

const TAIL_LINES = 30;
const PATIENCE_MS = 5_000;
const GROUP_PATIENCE_MS = 500;

/**
 * Starts a process as the leader of a group of its own, so that ending it ends its children too, and
 * waits until it is ready. The group also ends when this process does.
 * @throws Error with the end of its output when it ends, or is not ready, too early.
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
    await Promise.race([ended, pause(PATIENCE_MS, undefined, { ref: false })]);
    // Its children have heard the signal too; who has not gone by now is ended.
    await until(() => !signalGroup(pid, 0), { what: 'its group is gone', withinMs: GROUP_PATIENCE_MS }).catch(
      () => undefined,
    );
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
  throw new Error(`${spec.name} did not start: ${problem}. Its last output:\n${tail.join('\n')}`);
}

/** Whether there was anyone left to hear the signal. */
function signalGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-pid, signal);
  } catch {
    return false;
  }
}

// The groups belong to this process as a whole, as its exit does: there is nobody to hand them to.
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
      // Somebody else who listens means to end in good order, and then "exit" is heard.
      if (process.listenerCount(signal) > 1) return;
      endAll();
      process.off(signal, onSignal);
      process.kill(process.pid, signal);
    };
    process.on(signal, onSignal);
  }
}
