import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import * as z from 'zod';
import { parseJson } from '../../functions/runtime/json.ts';
import { portAnswers } from './ports.ts';
import { startProcess, type RunningProcess } from './process.ts';

/** The three functions and their signature types. */
const SIGNATURES = { receive: 'http', sync: 'cloudevent', renew: 'http' } as const;

export type FunctionName = keyof typeof SIGNATURES;

/** A line that a function logged. */
export interface LogEntry {
  readonly function: FunctionName;
  readonly severity: string;
  readonly message: string;
  /** The entry's other fields, such as `watch`, `channel` and `ms`. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** The unparsed line. */
  readonly line: string;
}

interface FunctionSpec {
  readonly name: FunctionName;
  /** Folder of the built function. */
  readonly source: string;
  readonly port: number;
  readonly env: Readonly<Record<string, string>>;
  /** Signature type passed to the framework. The one that the function registers takes precedence. */
  readonly signature?: 'http' | undefined;
  readonly onLog: (entry: LogEntry) => void;
}

/** A function that is served by a separate process. */
export interface ServedFunction {
  readonly url: string;
  /** Returns the id of the current process. */
  pid(): number;
  stop(): Promise<void>;
  /** Kills it, as a crash does. */
  kill(): Promise<void>;
  /** Kills it if it runs, and serves it again at the same URL. */
  restart(): Promise<void>;
}

/** Returns the path of the framework that a folder resolves: a function must be served by the copy that it registers with. */
const frameworkOf = (source: string): string =>
  fileURLToPath(
    new URL(
      'main.js',
      pathToFileURL(createRequire(`${source}/`).resolve('@google-cloud/functions-framework')),
    ),
  );

/**
 * Serves a built function with functions-framework and waits until it answers.
 * @throws Error with the end of its output if it does not start, for example due to an invalid variable.
 */
export async function serveFunction(spec: FunctionSpec): Promise<ServedFunction> {
  const { name, port } = spec;
  if (!existsSync(spec.source)) throw new Error(`${spec.source} is missing: run npm run build`);
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

/** Whether a field is only for Cloud Logging or Error Reporting. https://cloud.google.com/logging/docs/structured-logging */
const isForGoogle = (field: string): boolean =>
  field.startsWith('logging.googleapis.com/') || ['@type', 'serviceContext', 'context'].includes(field);

/** Parses a line of a function's output. A line that is not a log entry, such as one of a stack trace, becomes the message. */
export function logEntryOf(name: FunctionName, line: string): LogEntry {
  const parsed = LogLine.safeParse(parseJson(line));
  if (!parsed.success) return { function: name, severity: 'DEFAULT', message: line, fields: {}, line };
  const { severity, message, ...rest } = parsed.data;
  const fields = Object.fromEntries(Object.entries(rest).filter(([field]) => !isForGoogle(field)));
  return { function: name, severity, message, fields, line };
}
