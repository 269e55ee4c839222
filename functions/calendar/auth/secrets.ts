import { createHash } from 'node:crypto';

import { LRUCache } from 'lru-cache';
import * as z from 'zod';

import { authHeader, type Ambient } from './adc.ts';
import { accessDenied, joinUrl, request, unavailable } from './request.ts';

/** Secrets in Secret Manager for `oauth`: one for the client and one for each user. They are stored nowhere else. */

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
export const unusable = (id: string): Error =>
  accessDenied('secretUnusable', `the secret ${id} is disabled or malformed`);

export interface Secrets {
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
  const kept = new LRUCache<string, { readonly readAt: number; readonly text: Promise<string> }>({
    max: MAX_CACHED,
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
      if (before !== undefined && now() - before.readAt < LIFETIME_MS) return before.text;
      const text = access(id);
      kept.set(id, { readAt: now(), text });
      try {
        return await text;
      } catch (error) {
        if (kept.get(id)?.text === text) kept.delete(id);
        throw error;
      }
    },
    forget: (id) => void kept.delete(id),
  };
}
