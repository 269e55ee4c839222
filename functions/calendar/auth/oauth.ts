import { createHash } from 'node:crypto';

import * as z from 'zod';
import { LRUCache } from 'lru-cache';

import { parseJson } from '../../runtime/json.ts';
import { CredentialsError } from '../errors.ts';
import { authHeader, type Ambient } from './adc.ts';
import type { FetchToken } from './credentials.ts';
import { accessDenied, joinUrl, request, unavailable, type Exchange } from './request.ts';

/**
 * The user's own consent: a refresh token per user, and the client that it was issued to. They are secrets in Secret Manager, and
 * stored nowhere else.
 * @see https://developers.google.com/identity/protocols/oauth2/web-server
 */

/** The OAuth client that users consent to, as JSON from the Cloud console or as a plain id and secret. */
export interface OAuthClient {
  readonly id: string;
  readonly secret: string;
  /** A `desktop` client may redirect to any port of this machine; plain JSON does not say which kind it is. */
  readonly kind: 'web' | 'desktop' | 'unknown';
}

const pair = z.object({ client_id: z.string().min(1), client_secret: z.string().min(1) });

const clientOf =
  (kind: OAuthClient['kind']) =>
  ({ client_id: id, client_secret: secret }: z.infer<typeof pair>): OAuthClient => ({ id, secret, kind });

const clientSchema = z.union([
  pair.transform(clientOf('unknown')),
  z.object({ web: pair }).transform(({ web }) => clientOf('web')(web)),
  z.object({ installed: pair }).transform(({ installed }) => clientOf('desktop')(installed)),
]);

/** Parses the JSON of a client; undefined if it is not valid. */
export function parseClient(text: string): OAuthClient | undefined {
  return clientSchema.safeParse(parseJson(text)).data;
}

/** The secret with the OAuth client's id and secret, as JSON from the Cloud console. */
export const CLIENT_SECRET = 'calendar-oauth-client';
const USER_SECRET = 'calendar-oauth-user-';
/** Maximum length of a secret's id, which may contain letters, digits, `-` and `_`. */
const LONGEST_ID = 255;

/** How long a secret is cached, in ms. */
const LIFETIME_MS = 10 * 60_000;
const MAX_CACHED = 1000;

/**
 * Returns the id of the secret with a user's refresh token. It ends in the user, with every byte except letters, digits and `-`
 * encoded as `_` and two hex digits (`calendar-oauth-user-ada_40example_2Ecom`), or in the user's SHA-256 in hex if that is too long.
 */
export function userSecret(user: string): string {
  const encoded = Array.from(Buffer.from(user), (byte) => {
    const character = String.fromCodePoint(byte);
    return /[A-Za-z0-9-]/.test(character)
      ? character
      : `_${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }).join('');
  const id = `${USER_SECRET}${encoded}`;
  return id.length > LONGEST_ID ? `${USER_SECRET}${createHash('sha256').update(user).digest('hex')}` : id;
}

/** The secret exists but is disabled or malformed. */
const unusable = (id: string): Error =>
  accessDenied('secretUnusable', `the secret ${id} is disabled or malformed`);

interface Secrets {
  /** Returns the latest version as text. @throws {CredentialsError} that names the secret. */
  readonly read: (id: string) => Promise<string>;
  /** Drops a secret from the cache. */
  readonly forget: (id: string) => void;
}

const accessResponse = z.object({ payload: z.object({ data: z.base64() }) });

export function createSecrets(
  options: { readonly rootUrl: string; readonly project: string },
  ambient: Ambient,
  now: () => number,
): Secrets {
  const kept = new LRUCache<string, Promise<string>>({
    max: MAX_CACHED,
    ttl: LIFETIME_MS,
    ttlResolution: 0,
    perf: { now },
  });

  const access = async (id: string): Promise<string> => {
    const path = `v1/projects/${encodeURIComponent(options.project)}/secrets/${id}/versions/latest:access`;
    const answer = await request('secretManager', joinUrl(options.rootUrl, path), {
      headers: await authHeader(ambient),
    });
    const secret = accessResponse.safeParse(answer.body);
    if (answer.status === 200 && secret.success) {
      return Buffer.from(secret.data.payload.data, 'base64').toString().trim();
    }
    switch (answer.status) {
      case 404:
        throw accessDenied('secretNotFound', `the secret ${id} does not exist, or has no version`);
      case 403:
        throw accessDenied('secretDenied', `needs roles/secretmanager.secretAccessor on the secret ${id}`);
      case 400:
        throw unusable(id);
      default:
        throw unavailable('secretManager');
    }
  };

  return {
    read: async (id) => {
      const before = kept.get(id);
      if (before !== undefined) return before;
      const text = access(id);
      kept.set(id, text);
      try {
        return await text;
      } catch (error) {
        if (kept.get(id) === text) kept.delete(id);
        throw error;
      }
    },
    forget: (id) => void kept.delete(id),
  };
}

/** A refresh token contains no whitespace. */
const refreshToken = z.string().regex(/^\S+$/);

export function createOAuth(secrets: Secrets, exchange: Exchange): FetchToken {
  const read = async (user: string): Promise<readonly [string, string]> =>
    Promise.all([secrets.read(CLIENT_SECRET), secrets.read(userSecret(user))]);

  const redeem = async ([clientText, token]: readonly [string, string], user: string, scope: string) => {
    const client = parseClient(clientText);
    if (client === undefined) throw unusable(CLIENT_SECRET);
    if (!refreshToken.safeParse(token).success) throw unusable(userSecret(user));
    return exchange({
      grant_type: 'refresh_token',
      refresh_token: token,
      scope,
      client_id: client.id,
      client_secret: client.secret,
    });
  };

  return async (user, scope) => {
    const used = await read(user);
    try {
      return await redeem(used, user, scope);
    } catch (error) {
      if (!(error instanceof CredentialsError) || error.problem.kind !== 'accessDenied') throw error;
      // The secrets may have been replaced since they were read.
      secrets.forget(CLIENT_SECRET);
      secrets.forget(userSecret(user));
      const latest = await read(user);
      if (latest[0] === used[0] && latest[1] === used[1]) throw error;
      return redeem(latest, user, scope);
    }
  };
}
