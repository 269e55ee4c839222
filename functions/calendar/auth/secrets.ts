import { createHash } from 'node:crypto';

import * as z from 'zod';

import { asMyself, type Ambient } from './ambient.ts';
import { ask, below, refusal, unavailable } from './ask.ts';
import { createRecent } from './recent.ts';

/** Secret Manager: what `oauth` needs, one secret for the client and one for each user. Nothing of it is kept elsewhere. */

/** Holds the OAuth client's id and secret as JSON, as the Cloud console hands it out. */
export const CLIENT_SECRET = 'calendar-oauth-client';
const USER_SECRET = 'calendar-oauth-user-';
/** Of a secret's id; letters, digits, `-` and `_` are all it may consist of. */
const LONGEST_ID = 255;

/** How long a secret is used without a look at its latest version, in ms. */
const LIFETIME_MS = 10 * 60_000;
const MOST_KEPT = 1000;

/**
 * The id of the secret that holds a user's refresh token: the address, in which every byte but letters, digits and `-` is
 * `_` and two hex digits (`calendar-oauth-user-ada_40example_2Ecom`). Of one too long for that, its SHA-256 in hex.
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

/** A secret is there, but not what it should be. */
export const unusable = (id: string): Error =>
  refusal('secretUnusable', `the secret ${id} is disabled or malformed`);

export interface Secrets {
  /** The latest version, as text. @throws {CredentialsError} that names the secret, if it cannot be read. */
  readonly read: (id: string) => Promise<string>;
  /** Reads it anew the next time. */
  readonly forget: (id: string) => void;
}

const accessed = z.object({ payload: z.object({ data: z.base64() }) });

export function createSecrets(
  options: { readonly rootUrl: string; readonly project: string },
  ambient: Ambient,
  now: () => number,
): Secrets {
  const kept = createRecent<{ readonly readAt: number; readonly text: Promise<string> }>(MOST_KEPT);

  const access = async (id: string): Promise<string> => {
    const path = `v1/projects/${encodeURIComponent(options.project)}/secrets/${id}/versions/latest:access`;
    const answer = await ask('secretManager', below(options.rootUrl, path), {
      headers: await asMyself(ambient),
    });
    const secret = accessed.safeParse(answer.body);
    if (answer.status === 200 && secret.success) {
      return Buffer.from(secret.data.payload.data, 'base64').toString().trim();
    }
    switch (answer.status) {
      case 404:
        throw refusal('secretNotFound', `there is no secret ${id}, or no version of it`);
      case 403:
        throw refusal('secretDenied', `needs roles/secretmanager.secretAccessor on the secret ${id}`);
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
    forget: kept.delete,
  };
}
