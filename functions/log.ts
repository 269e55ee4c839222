import { format } from 'node:util';

import type { Measure } from './measures.ts';
import { followTraces, traceFields } from './trace.ts';

/**
 * Structured logs as Cloud Logging reads them: one JSON object a line, with `severity` and `message`.
 * Values are ids, counts and durations only; tokens and contents of items never get here.
 */

type Severity = 'DEBUG' | 'INFO' | 'WARNING' | 'ERROR' | 'CRITICAL';

/** What may stand beside a message: ids (`watch`, `channel`, `user`), counts, durations in ms, reasons. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

export type Log = Readonly<Record<'debug' | 'info' | 'warning' | 'error', LogLine>>;
type LogLine = (message: string, fields?: LogFields, measure?: Measure) => void;

/** No value makes a line longer than this; what comes from outside may be of any size. */
const LONGEST_VALUE = 500;

/**
 * What makes Error Reporting take an entry up ("Format errors in logs") and group it with others of the same message: there is no
 * stack trace to go by, as what a library says may hold anything.
 */
const reported = (service: string, message: string) => ({
  '@type': 'type.googleapis.com/google.devtools.clouderrorreporting.v1beta1.ReportedErrorEvent',
  serviceContext: { service },
  context: {
    reportLocation: { filePath: service, lineNumber: 1, functionName: message.slice(0, LONGEST_VALUE) },
  },
});

function line(severity: Severity, message: string, fields: object): string {
  const shown = Object.entries(fields).map(([name, value]) => [
    name,
    typeof value === 'string' && value.length > LONGEST_VALUE ? `${value.slice(0, LONGEST_VALUE)}…` : value,
  ]);
  return `${JSON.stringify({ severity, message, ...Object.fromEntries(shown) })}\n`;
}

const toStandardOutput = (text: string): void => void process.stdout.write(text);

/**
 * A log that writes to `write`, by default the process's standard output. `service` names who writes; `around` gives what every
 * entry of the moment has: the fields of a trace.
 */
export function createLog(
  write: (line: string) => void = toStandardOutput,
  service = 'calendar-mirror',
  around: () => LogFields = () => ({}),
): Log {
  const at =
    (severity: Severity): LogLine =>
    (message, fields = {}, measure?) =>
      write(
        line(severity, message, {
          ...fields,
          // Nothing else than a measure names one.
          metric: undefined,
          ...measure,
          ...around(),
          ...(severity === 'ERROR' ? reported(service, message) : {}),
        }),
      );
  return { debug: at('DEBUG'), info: at('INFO'), warning: at('WARNING'), error: at('ERROR') };
}

/** The log of a function: its entries are linked to the trace of the request that they are about. Called once per process. */
export function startLog(service: string, projectId: string): Log {
  const trace = followTraces();
  return createLog(toStandardOutput, service, () => traceFields(projectId, trace()));
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
