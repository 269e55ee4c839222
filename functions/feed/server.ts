import type { GoogleAuth } from 'google-auth-library';

import { lazy, withTimeout } from '../runtime/promises.ts';

/** Access tokens for Pub/Sub. Google's library waits for the metadata server without a timeout, so this one adds them. */

/** The part of `GoogleAuth` that is used. It caches a token until shortly before it expires. */
interface Source {
  readonly getAccessToken: () => Promise<string | null | undefined>;
}

/** Less than the total timeout of `receive`, so that its last attempt uses a new connection. */
const STALL_MS = 4_000;

/**
 * Returns access tokens with timeouts and a way to drop one.
 *
 * @param load creates a source without a cached token; called when a token is first needed, and again to start over.
 * @param stallMs age in ms after which a pending request is abandoned and the next call makes another.
 */
export function createTokens(load: () => Promise<Source>, stallMs = STALL_MS) {
  let source = lazy(load);
  let latest: string | undefined;
  let pending: { readonly token: Promise<string>; readonly since: number } | undefined;

  async function request(from: typeof source): Promise<string> {
    try {
      const token = (await (await from()).getAccessToken()) ?? '';
      if (from === source) latest = token;
      return token;
    } finally {
      if (from === source) pending = undefined;
    }
  }

  /** Creates a new source: the library shares pending requests, so the old one would keep waiting. */
  function startOver(): void {
    source = lazy(load);
    latest = undefined;
    pending = undefined;
  }

  return {
    /** Resolves with an access token, or rejects after `ms`. Concurrent calls share one request. */
    get: (ms: number): Promise<string> => {
      if (pending !== undefined && Date.now() - pending.since >= stallMs) startOver();
      pending ??= { token: request(source), since: Date.now() };
      const where = 'metadata server or token endpoint not responding';
      const timeout = () => new Error(`No access token within ${String(ms)} ms: ${where}`);
      return withTimeout(pending.token, ms, timeout);
    },
    /** Drops a token that Pub/Sub rejected, unless another has replaced it. */
    drop: (token: string): void => {
      if (token === latest) startOver();
    },
  };
}

export type Tokens = ReturnType<typeof createTokens>;

/** Pub/Sub's endpoint and credentials. */
export interface PubSubServer {
  /** Root URL of the API, without a trailing slash. */
  readonly rootUrl: string;
  /** Access tokens; undefined for the emulator. */
  readonly tokens?: Tokens | undefined;
}

const SCOPE = 'https://www.googleapis.com/auth/pubsub';

/** Loads the library that finds Application Default Credentials, only when a token is needed. */
async function loadAuth(): Promise<GoogleAuth> {
  const library = await import('google-auth-library');
  return new library.GoogleAuth({ scopes: [SCOPE] });
}

/**
 * Returns the emulator if there is one, else Google's Pub/Sub at the configured endpoint. Messages of a key are ordered only if they are
 * published in one region, which a region's own endpoint ensures: https://cloud.google.com/pubsub/docs/ordering#publishing
 */
export const pubSubServer = (config: {
  readonly PUBSUB_ENDPOINT: string;
  readonly PUBSUB_EMULATOR_HOST?: string | undefined;
}): PubSubServer =>
  config.PUBSUB_EMULATOR_HOST === undefined
    ? { rootUrl: config.PUBSUB_ENDPOINT.replace(/\/+$/, ''), tokens: createTokens(loadAuth) }
    : { rootUrl: `http://${config.PUBSUB_EMULATOR_HOST}` };
