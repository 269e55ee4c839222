/** Signing in with the emulator's OAuth endpoints, without sockets. */
import * as z from 'zod';
import { createFaults } from '../../../infra/emulator/faults/faults.ts';
import { createJournal } from '../../../infra/emulator/journal/journal.ts';
import { createOAuth, type OAuthOptions } from '../../../infra/emulator/oauth/oauth.ts';
import { createClock } from '../../../infra/emulator/state/clock.ts';

export const ROOT = 'http://127.0.0.1:9199';
export const CALLBACK = 'http://127.0.0.1:8085/callback';
export const CALENDAR = 'https://www.googleapis.com/auth/calendar';
export const EVENTS = `${CALENDAR}.events`;
/** What every test of an application that is not registered asks for. */
export const QUESTION = {
  client_id: 'app.apps.googleusercontent.com',
  redirect_uri: CALLBACK,
  response_type: 'code',
  scope: EVENTS,
};

export type Parameters = Readonly<Record<string, string>>;

/** Returns the ID token in an answer of the token endpoint. */
export const idTokenOf = (tokens: object): string =>
  z.object({ id_token: z.string() }).parse(tokens).id_token;

/** Returns the fields of the form on a page, as a browser sends them for a user who presses a button. */
export function fieldsOf(page: string, decision: 'allow' | 'deny'): URLSearchParams {
  const fields = new URLSearchParams({ decision });
  for (const [tag] of page.matchAll(/<input\b[^>]*>/g)) {
    const attribute = (name: string): string | undefined => new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1];
    const [name, type] = [attribute('name'), attribute('type')];
    const isOff = (type === 'radio' || type === 'checkbox') && !/\bchecked\b/.test(tag);
    if (name !== undefined && !isOff) fields.append(name, attribute('value') ?? '');
  }
  return fields;
}

const query = (parameters: Parameters | URLSearchParams): string =>
  new URLSearchParams(parameters).toString();

/** @param users The accounts that exist at first. */
export function startSignIn(options: OAuthOptions = {}, users: readonly string[] = ['ada@example.com']) {
  const clock = createClock(() => Date.parse('2030-01-01T09:00:00Z'));
  const accounts = new Set(users);
  const faults = createFaults(() => 0);
  const journal = createJournal();
  const oauth = createOAuth({
    options,
    observers: { faults, journal },
    clock,
    accounts: { list: () => [...accounts], signIn: (user) => void accounts.add(user) },
    root: () => ROOT,
  });

  async function send(
    method: string,
    path: string,
    body = '',
    headers: Readonly<Record<string, string>> = {},
  ) {
    const { host = new URL(ROOT).host } = headers;
    const url = new URL(path, `http://${host}`);
    const reply = await oauth.site({ method, url, headers: { host, ...headers }, body });
    if (reply === undefined) throw new Error(`no site answers ${method} ${path}`);
    const text = Buffer.from(reply.body ?? '').toString();
    return {
      status: reply.status,
      headers: reply.headers ?? {},
      text,
      /** The body, if it is JSON. */
      json: (): Readonly<Record<string, unknown>> =>
        z.record(z.string(), z.unknown()).parse(JSON.parse(text)),
      /** Where the browser is sent. */
      location: (): URL => new URL(z.string().parse(reply.headers?.['Location'])),
    };
  }
  const get = (path: string, parameters: Parameters | URLSearchParams = {}, headers = {}) =>
    send('GET', `${path}?${query(parameters)}`, '', headers);
  const post = (path: string, form: Parameters | URLSearchParams, headers = {}) =>
    send('POST', path, query(form), { 'content-type': 'application/x-www-form-urlencoded', ...headers });

  const ask = (change: Parameters = {}) => get('/o/oauth2/v2/auth', { ...QUESTION, ...change });
  const answer = (form: URLSearchParams, headers = {}) => post('/o/oauth2/v2/auth/decision', form, headers);
  /** Follows the consent page, and returns the parameters that the application gets. */
  const consent = async (
    change: Parameters = {},
    revise: (form: URLSearchParams) => void = () => undefined,
  ) => {
    const page = await ask(change);
    if (page.status === 302) return page.location().searchParams;
    const form = fieldsOf(page.text, 'allow');
    revise(form);
    return (await answer(form)).location().searchParams;
  };
  const token = (form: Parameters, headers = {}) => post('/token', form, headers);
  /** Redeems a code as the application of `QUESTION`. */
  const redeem = (code: string | null, change: Parameters = {}) =>
    token({
      grant_type: 'authorization_code',
      code: code ?? '',
      client_id: QUESTION.client_id,
      redirect_uri: CALLBACK,
      ...change,
    });
  /** Consents, and returns the tokens. */
  const signIn = async (change: Parameters = {}) => {
    const reply = await redeem((await consent({ access_type: 'offline', ...change })).get('code'), {
      client_id: change['client_id'] ?? QUESTION.client_id,
    });
    return z
      .object({ access_token: z.string(), refresh_token: z.string().default(''), scope: z.string() })
      .loose()
      .parse(reply.json());
  };
  const refresh = (refreshToken: string, change: Parameters = {}) =>
    token({
      grant_type: 'refresh_token',
      refresh_token: refreshToken,
      client_id: QUESTION.client_id,
      ...change,
    });
  return {
    oauth,
    faults,
    journal,
    clock,
    accounts,
    send,
    get,
    post,
    ask,
    answer,
    consent,
    token,
    redeem,
    signIn,
    refresh,
  };
}
