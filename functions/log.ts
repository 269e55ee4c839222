import { format } from 'node:util';

/**
 * Structured logs as Cloud Logging reads them: one JSON object a line, with `severity` and `message`.
 * Values are ids, counts and durations only; tokens and contents of items never get here.
 */

type Severity = 'DEBUG' | 'INFO' | 'WARNING' | 'ERROR' | 'CRITICAL';

/** What may stand beside a message: ids (`watch`, `channel`, `user`), counts, durations in ms, reasons. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

export type Log = Readonly<Record<'debug' | 'info' | 'warning' | 'error', LogLine>>;
type LogLine = (message: string, fields?: LogFields) => void;

/** No value makes a line longer than this; what comes from outside may be of any size. */
const LONGEST_VALUE = 500;

function line(severity: Severity, message: string, fields: LogFields): string {
  const shown = Object.entries(fields).map(([name, value]) => [
    name,
    typeof value === 'string' && value.length > LONGEST_VALUE ? `${value.slice(0, LONGEST_VALUE)}…` : value,
  ]);
  return `${JSON.stringify({ severity, message, ...Object.fromEntries(shown) })}\n`;
}

/** A log that writes to `write`, by default the process's standard output. */
export function createLog(write: (line: string) => void = (text) => void process.stdout.write(text)): Log {
  const at =
    (severity: Severity): LogLine =>
    (message, fields = {}) =>
      write(line(severity, message, fields));
  return { debug: at('DEBUG'), info: at('INFO'), warning: at('WARNING'), error: at('ERROR') };
}

/** What a library may say at once, stack trace and all. */
const LONGEST_SAYING = 2_000;

const saying = (said: unknown[]): string => format(...said).slice(0, LONGEST_SAYING);

/**
 * Turns what libraries write to the console, functions-framework before all, into entries of `log`: one line each, however many
 * lines and whatever bytes of a request are in it.
 */
export function takeOverConsole(log: Log): void {
  Object.assign(console, {
    error: (...said: unknown[]) => log.error(saying(said)),
    warn: (...said: unknown[]) => log.warning(saying(said)),
  });
}

/** The text of anything thrown, with the texts of its causes. */
export function errorText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? '' : `: ${errorText(error.cause)}`;
  return `${error.message}${cause}`;
}
