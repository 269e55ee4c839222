import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import * as z from 'zod';
import { jsonOf } from '../../functions/json.ts';
import { portAnswers } from './ports.ts';
import { startProcess, type RunningProcess } from './process.ts';

/** The three functions, and how functions-framework is to call each. */
const SIGNATURES = { receive: 'http', sync: 'cloudevent', renew: 'http' } as const;

export type FunctionName = keyof typeof SIGNATURES;

/** One line that a function logged. */
export interface LogEntry {
  readonly function: FunctionName;
  readonly severity: string;
  readonly message: string;
  /** The entry's other fields, such as `watch`, `channel` and `ms`. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** The line as it was written. */
  readonly line: string;
}

interface FunctionSpec {
  readonly name: FunctionName;
  /** The folder that `npm run build` wrote for it. */
  readonly source: string;
  readonly port: number;
  readonly env: Readonly<Record<string, string>>;
  /** What the framework is told to expect; what the function registers as counts. */
  readonly signature?: 'http' | undefined;
  readonly onLog: (entry: LogEntry) => void;
}

/** A function that is served by a process of its own. */
export interface ServedFunction {
  readonly url: string;
  /** Of the process that serves it now. */
  pid(): number;
  stop(): Promise<void>;
  /** Ends it as a crash would. */
  kill(): Promise<void>;
  /** Ends it as a crash would if it still runs, and serves it again at the same URL. */
  restart(): Promise<void>;
}

/** The framework that a folder loads: a function registers with the very copy that serves it. */
const frameworkOf = (source: string): string =>
  fileURLToPath(
    new URL(
      'main.js',
      pathToFileURL(createRequire(`${source}/`).resolve('@google-cloud/functions-framework')),
    ),
  );

/**
 * Serves a built function with functions-framework and waits until it answers.
 * @throws Error with the end of its output when it does not start, as it does on wrong configuration.
 */
export async function serveFunction(spec: FunctionSpec): Promise<ServedFunction> {
  const { name, port } = spec;
  const start = (): Promise<RunningProcess> =>
    startProcess({
      name: `the function ${name}`,
      command: process.execPath,
      args: [
        frameworkOf(spec.source),
        `--source=${spec.source}`,
        `--target=${name}`,
        `--signature-type=${spec.signature ?? SIGNATURES[name]}`,
        `--port=${port}`,
      ],
      env: spec.env,
      ready: () => portAnswers(port),
      onLine: (line) => spec.onLog(logEntryOf(name, line)),
    });
  let running = await start();
  return {
    url: `http://127.0.0.1:${port}`,
    pid: () => running.pid,
    stop: () => running.stop(),
    kill: () => running.kill(),
    restart: async () => {
      await running.kill();
      running = await start();
    },
  };
}

const LogLine = z.looseObject({ severity: z.string(), message: z.string() });

/** What Cloud Logging and Error Reporting go by, and says nothing to people. */
const isForGoogle = (field: string): boolean =>
  field.startsWith('logging.googleapis.com/') || ['@type', 'serviceContext', 'context'].includes(field);

/** A line of a function's output as a log entry; what is not one, such as a stack trace, becomes a message. */
export function logEntryOf(name: FunctionName, line: string): LogEntry {
  const parsed = LogLine.safeParse(jsonOf(line));
  if (!parsed.success) return { function: name, severity: 'DEFAULT', message: line, fields: {}, line };
  const { severity, message, ...rest } = parsed.data;
  const fields = Object.fromEntries(Object.entries(rest).filter(([field]) => !isForGoogle(field)));
  return { function: name, severity, message, fields, line };
}
