/** Plays the script on one server. */
import { setTimeout as wait } from 'node:timers/promises';
import { type Answer, type Call, type Seen, type Step, textAt } from './step.ts';

export interface Server {
  /** The root URL, without a slash at its end. */
  readonly url: string;
  /** The bearer token of an account that can create calendars. */
  readonly token: string;
}

/** What a server answered to one step. */
export interface Played {
  readonly call: Call;
  readonly answer: Answer;
  readonly rules: Readonly<Record<string, unknown>>;
}

export interface Playing {
  readonly steps: ReadonlyMap<string, Played>;
  /** Ids of calendars that could not be deleted again. */
  readonly remaining: readonly string[];
}

export interface PlayOptions {
  /** Ends the script early. What it has made is deleted all the same. */
  readonly signal: AbortSignal;
  /** How long to wait before a call is sent again, doubling each time. One second by default. */
  readonly retryMs?: number | undefined;
  /** Is told what a person who waits wants to know. */
  readonly note?: (line: string) => void;
}

interface PatientServer extends Server {
  readonly retryMs: number;
  readonly note: (line: string) => void;
}

const TIMEOUT_MS = 30_000;
const MAX_ATTEMPTS = 6;

/**
 * Creates two calendars on a server, plays the steps on them, and deletes them again, also if a step fails.
 * @throws Error if the server cannot be reached, or does not let the account create a calendar
 */
export async function play(given: Server, steps: readonly Step[], options: PlayOptions): Promise<Playing> {
  const { retryMs = 1000, note = () => undefined } = options;
  const server = { ...given, retryMs, note };
  const made: string[] = [];
  const played = new Map<string, Played>();
  try {
    // oxlint-disable no-await-in-loop -- each call may depend on those before it
    for (const summary of ['Compare', 'Compare, second']) made.push(await create(server, summary));
    const seen = seenOf(made, played);
    for (const step of steps) {
      options.signal.throwIfAborted();
      const call = step.call(seen);
      const answer = await send(server, call);
      played.set(step.name, { call, answer, rules: step.rules?.(answer, seen) ?? {} });
      // A calendar that should have been refused.
      const unexpected = call.path === '/calendars' ? textAt(answer.body, 'id') : undefined;
      if (unexpected !== undefined) made.push(unexpected);
    }
    // oxlint-enable no-await-in-loop
  } catch (error) {
    const remaining = await remove(server, made);
    if (remaining.length === 0) throw error;
    const calendars = remaining.join(', ');
    throw new Error(`${message(error)}; not deleted on ${server.url}: ${calendars}`, { cause: error });
  }
  return { steps: played, remaining: await remove(server, made) };
}

/** What the first call tells about a server that rejects it. */
const PROBLEMS: readonly (readonly [status: number, problem: string])[] = [
  [401, 'rejects the token: give one that has not expired'],
  [
    403,
    'does not let this account create a calendar: the token needs the scope https://www.googleapis.com/auth/calendar',
  ],
  [404, 'has no Calendar API at /calendar/v3: give the root URL of a server that has'],
];

async function create(server: PatientServer, summary: string): Promise<string> {
  const description = 'Made by google-calendar-emulator compare';
  const body = { summary, description, timeZone: 'Europe/Warsaw' };
  const { status, body: answer } = await send(server, { method: 'POST', path: '/calendars', body });
  const id = textAt(answer, 'id');
  if (status === 200 && id !== undefined) return id;
  const answered = [status, textAt(answer, 'error.message')].filter(Boolean).join(' ');
  const [, problem = 'does not let this account create a calendar'] =
    PROBLEMS.find(([known]) => known === status) ?? [];
  throw new Error(`${server.url} ${problem}: ${answered}`);
}

/** Deletes calendars, and returns the ids of those that it cannot. */
async function remove(server: PatientServer, ids: readonly string[]): Promise<string[]> {
  const remaining: string[] = [];
  for (const id of ids) {
    const path = `/calendars/${encodeURIComponent(id)}`;
    // oxlint-disable-next-line no-await-in-loop -- two calendars; servers count calls per minute
    const status = await send(server, { method: 'DELETE', path }).then(
      (answer) => answer.status,
      () => 0,
    );
    if (status !== 204 && status !== 200) remaining.push(id);
  }
  return remaining;
}

function seenOf([first = '', second = '']: readonly string[], played: ReadonlyMap<string, Played>): Seen {
  const body = (step: string): unknown => played.get(step)?.answer.body;
  return {
    calendar: `/calendars/${encodeURIComponent(first)}`,
    other: encodeURIComponent(second),
    body,
    text(step, field) {
      return encodeURIComponent(textAt(body(step), field) ?? 'missing');
    },
  };
}

/** Sends a call, again at growing intervals while the server asks for patience. */
async function send(server: PatientServer, call: Call): Promise<Answer> {
  for (let attempt = 1; ; attempt += 1) {
    // oxlint-disable-next-line no-await-in-loop -- attempts follow each other
    const answer = await sendOnce(server, call);
    if (!asksForPatience(answer) || attempt === MAX_ATTEMPTS) return answer;
    const ms = server.retryMs * 2 ** (attempt - 1);
    server.note(
      `${server.url} answers ${answer.status} to ${call.method} ${call.path}: next attempt in ${ms / 1000} s`,
    );
    // oxlint-disable-next-line no-await-in-loop -- attempts follow each other
    await wait(ms);
  }
}

async function sendOnce(
  { url, token }: Server,
  { method, path, body, headers, as = 'owner' }: Call,
): Promise<Answer> {
  const credentials = { owner: token, 'a bad token': 'not-a-token', 'no one': undefined }[as];
  try {
    const response = await fetch(`${url}/calendar/v3${path}`, {
      method,
      headers: {
        ...(credentials === undefined ? {} : { Authorization: `Bearer ${credentials}` }),
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return { status: response.status, body: parse(await response.text()) };
  } catch (error) {
    throw new Error(`${url} cannot be reached: ${message(error)}`, { cause: error });
  }
}

function asksForPatience({ status, body }: Answer): boolean {
  if (status === 429 || status === 503) return true;
  return status === 403 && /rateLimitExceeded/i.test(textAt(body, 'error.errors.0.reason') ?? '');
}

function parse(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Of a failed `fetch`, only the cause says why. */
const message = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message;
};
