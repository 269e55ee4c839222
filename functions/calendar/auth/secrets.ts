import { createHash } from 'node:crypto';

import * as z from 'zod';

import { requestAs, type Ambient } from './adc.ts';
import type { CredentialsConfig } from './credentials.ts';
import { accessDenied, joinUrl, rejection } from './request.ts';

/** Reads Secret Manager: the OAuth client, and refresh tokens if each is a secret. */

/** The secret with the OAuth client's id and secret, as JSON from the Cloud console. */
export const CLIENT_SECRET = 'calendar-oauth-client';
export const USER_SECRET = 'calendar-oauth-user-';
/** Maximum length of a secret's id, which may contain letters, digits, `-` and `_`. */
const LONGEST_ID = 255;

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

/** The secret exists but has no usable version. */
export const unusable = (id: string): Error =>
  accessDenied('secretUnusable', `the secret ${id} is disabled, destroyed or malformed`);

const accessResponse = z.object({ payload: z.object({ data: z.base64() }) });

/** Returns a function that reads the latest version of a secret. @throws {CredentialsError} that names the secret. */
export function createSecrets(
  config: Pick<CredentialsConfig, 'GOOGLE_CLOUD_PROJECT' | 'SECRET_MANAGER_ROOT_URL'>,
  ambient: Ambient,
): (id: string) => Promise<string> {
  return async (id) => {
    const path = `v1/projects/${encodeURIComponent(config.GOOGLE_CLOUD_PROJECT)}/secrets/${id}/versions/latest:access`;
    const url = joinUrl(config.SECRET_MANAGER_ROOT_URL, path);
    const { status, body } = await requestAs(ambient, 'secretManager', url);
    const secret = accessResponse.safeParse(body);
    if (status === 200 && secret.success) {
      return Buffer.from(secret.data.payload.data, 'base64').toString().trim();
    }
    if (status === 400) throw unusable(id);
    throw rejection('secretManager', status, {
      403: ['secretDenied', `needs roles/secretmanager.secretAccessor on the secret ${id}`],
      404: ['secretNotFound', `the secret ${id} does not exist, or has no version`],
    });
  };
}
