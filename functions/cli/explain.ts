import { ConfigurationError, type CommandConfig } from '../config.ts';
import { errorText } from '../log.ts';
import { Failure, WrongUse } from './failure.ts';
import { printable } from './terminal.ts';

/** Errors in one line: what happened, and what to do next. Pure. */

interface Explanation {
  readonly text: string;
  readonly exitCode: 1 | 2;
}

const LOGIN = 'run gcloud auth application-default login';

/** What the codes of gRPC mean to whoever runs a command, and what helps. */
const NEXT: Readonly<Record<number, string>> = {
  4: 'try again',
  5: 'check --project and --database, and that the topics are there (README.md, Deploying)',
  7: 'you need roles/datastore.user and roles/pubsub.editor in the project',
  8: 'a quota of the project is used up: try again later',
  14: 'check the network, and try again',
  16: LOGIN,
};

/** The same codes by the statuses of HTTP, with which Pub/Sub answers a publish. */
const CODE_OF: Readonly<Record<number, number>> = { 401: 16, 403: 7, 404: 5, 429: 8, 503: 14, 504: 4 };

/** The code of an error, or of what it came from. */
function codeOf(error: unknown): number | undefined {
  if (!(error instanceof Error)) return undefined;
  if ('status' in error) return CODE_OF[Number(error.status)];
  return 'code' in error ? Number(error.code) : codeOf(error.cause);
}

function nextOf(error: unknown): string {
  const text = errorText(error);
  if (/default credentials|invalid_grant|invalid_rapt|reauth/i.test(text)) return LOGIN;
  if (/API has not been used|SERVICE_DISABLED/.test(text))
    return 'run gcloud services enable firestore.googleapis.com pubsub.googleapis.com';
  if (/requires an index/.test(text)) return 'create it, and try again once it is built';
  return NEXT[codeOf(error) ?? Number.NaN] ?? 'run it again with --verbose to see more';
}

const oneLine = (text: string): string => printable(text).replaceAll(/\s+/g, ' ').trim().slice(0, 500);

/** The line for an error, and the exit code of the command that it ended. */
export function explain(error: unknown): Explanation {
  if (error instanceof Failure) {
    const text = oneLine(`${error.message}: ${error.next}`);
    return { text, exitCode: error instanceof WrongUse ? 2 : 1 };
  }
  if (error instanceof ConfigurationError) return { text: oneLine(error.message), exitCode: 2 };
  return { text: oneLine(`${errorText(error)}: ${nextOf(error)}`), exitCode: 1 };
}

/** The emulators that a command is to use, by the variables that name them. */
export const emulatorsOf = (config: CommandConfig): ReadonlyMap<string, string> =>
  new Map(
    (['FIRESTORE_EMULATOR_HOST', 'PUBSUB_EMULATOR_HOST'] as const).flatMap((name) =>
      config[name] === undefined ? [] : [[name, config[name]] as const],
    ),
  );
