import { format } from 'node:util';

import { trackTraces, traceFields } from './trace.ts';

/**
 * Structured logs for Cloud Logging: one JSON object per line, with `severity` and `message`. Values are ids, counts and durations,
 * never tokens or contents of items.
 * @see https://cloud.google.com/logging/docs/structured-logging
 */

type Severity = 'DEBUG' | 'INFO' | 'WARNING' | 'ERROR' | 'CRITICAL';

/** Fields beside the message: ids (`watch`, `channel`, `user`), counts, durations in ms, reasons. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

export type Log = Readonly<Record<'debug' | 'info' | 'warning' | 'error', LogLine>>;
type LogLine = (message: string, fields?: LogFields) => void;

/** Maximum length of one value: those that come from outside may have any. */
const LONGEST_VALUE = 500;

/**
 * Returns the fields with which Error Reporting recognizes an entry and groups it by its message. It has no stack trace,
 * because the messages of libraries' errors may contain anything.
 * @see https://cloud.google.com/error-reporting/docs/formatting-error-messages
 */
const errorReport = (service: string, message: string) => ({
  '@type': 'type.googleapis.com/google.devtools.clouderrorreporting.v1beta1.ReportedErrorEvent',
  serviceContext: { service },
  context: {
    reportLocation: { filePath: service, lineNumber: 1, functionName: message.slice(0, LONGEST_VALUE) },
  },
});

function line(severity: Severity, message: string, fields: object): string {
  const shortened = Object.entries(fields).map(([name, value]) => [
    name,
    typeof value === 'string' && value.length > LONGEST_VALUE ? `${value.slice(0, LONGEST_VALUE)}…` : value,
  ]);
  return `${JSON.stringify({ severity, message, ...Object.fromEntries(shortened) })}\n`;
}

const toStandardOutput = (text: string): void => void process.stdout.write(text);

/**
 * Returns a log that writes to `write`, by default to stdout. `service` is the name in Error Reporting; `around` returns fields that
 * are added to each entry, such as those of the current trace.
 */
export function createLog(
  write: (line: string) => void = toStandardOutput,
  service = 'calendar-mirror',
  around: () => LogFields = () => ({}),
): Log {
  const at =
    (severity: Severity): LogLine =>
    (message, fields = {}) =>
      write(
        line(severity, message, {
          ...fields,
          ...around(),
          ...(severity === 'ERROR' ? errorReport(service, message) : {}),
        }),
      );
  return { debug: at('DEBUG'), info: at('INFO'), warning: at('WARNING'), error: at('ERROR') };
}

/** Returns the log of a function, with entries linked to the trace of the current request. Call it once per process. */
export function startLog(service: string, projectId: string): Log {
  const trace = trackTraces();
  return createLog(toStandardOutput, service, () => traceFields(projectId, trace()));
}

/** Maximum length of one console message. */
const LONGEST_CONSOLE_MESSAGE = 2_000;

const consoleMessage = (values: unknown[]): string => format(...values).slice(0, LONGEST_CONSOLE_MESSAGE);

/**
 * Writes what libraries (functions-framework above all) print on the console as entries of `log`: one line each, because a message
 * may have several lines and contain any bytes of a request.
 */
export function redirectConsole(log: Log): void {
  Object.assign(console, {
    error: (...values: unknown[]) => log.error(consoleMessage(values)),
    warn: (...values: unknown[]) => log.warning(consoleMessage(values)),
  });
}

/** Returns the message of anything thrown, followed by those of its causes. */
export function errorText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? '' : `: ${errorText(error.cause)}`;
  return `${error.message}${cause}`;
}
