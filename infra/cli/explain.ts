import { ConfigurationError } from '../../functions/config.ts';
import { errorText } from '../../functions/runtime/log.ts';
import type { CommandConfig } from './config.ts';
import { Failure, UsageError } from './failure.ts';
import { printable } from '../terminal/output.ts';

/** Errors as one line: what happened, and what to do next. Pure. */

interface Explanation {
  readonly text: string;
  readonly exitCode: 1 | 2;
}

/** Signs in both gcloud, which runs the commands of our messages, and Application Default Credentials, which this program uses. */
export const LOGIN = 'run gcloud auth login --update-adc';

/** What to do about a gRPC status. https://grpc.io/docs/guides/status-codes */
const NEXT: Readonly<Record<number, string>> = {
  4: 'try again',
  5: 'check --project and --database, and that the topics exist (run calendar-mirror doctor)',
  7: 'grant your account roles/datastore.user and roles/pubsub.editor in the project',
  8: 'a quota of the project is exhausted, try again later',
  14: 'check the network and try again',
  16: LOGIN,
};

/** gRPC statuses by HTTP status, with which Pub/Sub answers a publish. */
const CODE_OF: Readonly<Record<number, number>> = { 401: 16, 403: 7, 404: 5, 429: 8, 503: 14, 504: 4 };

/** Returns the gRPC status of an error or of its cause. */
function codeOf(error: unknown): number | undefined {
  if (!(error instanceof Error)) return undefined;
  if ('status' in error) return CODE_OF[Number(error.status)];
  return 'code' in error ? Number(error.code) : codeOf(error.cause);
}

function nextOf(error: unknown): string {
  const text = errorText(error);
  if (/default credentials|invalid_grant|invalid_rapt|reauth/i.test(text)) return LOGIN;
  if (/API has not been used|SERVICE_DISABLED/.test(text)) {
    // The error names its project; gcloud may be set to another one.
    const [, project] = /\bprojects?[/ ]([a-z0-9][\w.:-]+)/.exec(text) ?? [];
    const of = project === undefined ? '' : ` --project=${project}`;
    return `run gcloud services enable firestore.googleapis.com pubsub.googleapis.com${of}`;
  }
  if (/requires an index/.test(text))
    return 'create it (run calendar-mirror doctor), and try again when it is ready';
  return NEXT[codeOf(error) ?? Number.NaN] ?? 'run it again with --verbose for details';
}

const oneLine = (text: string): string => printable(text).replaceAll(/\s+/g, ' ').trim().slice(0, 500);

/** Returns the line and the exit code for an error that ended a command. */
export function explain(error: unknown): Explanation {
  if (error instanceof Failure) {
    const text = oneLine(error.line);
    return { text, exitCode: error instanceof UsageError ? 2 : 1 };
  }
  if (error instanceof ConfigurationError) return { text: oneLine(error.message), exitCode: 2 };
  return { text: oneLine(`${errorText(error)}: ${nextOf(error)}`), exitCode: 1 };
}

/** Returns the emulators that a command uses, by their variables. */
export const emulatorsOf = (config: CommandConfig): ReadonlyMap<string, string> =>
  new Map(
    (['FIRESTORE_EMULATOR_HOST', 'PUBSUB_EMULATOR_HOST'] as const).flatMap((name) =>
      config[name] === undefined ? [] : [[name, config[name]] as const],
    ),
  );
