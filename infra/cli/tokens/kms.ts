import { setTimeout as sleep } from 'node:timers/promises';

import * as z from 'zod';

import { rejection } from '../../../functions/calendar/auth/request.ts';
import {
  callKms,
  crc32c,
  decryptToken,
  type KmsPlace,
  type SealedToken,
} from '../../../functions/calendar/auth/tokens.ts';
import { CredentialsError } from '../../../functions/calendar/errors.ts';

/** Encrypts refresh tokens with Cloud KMS. Only people do: the functions may decrypt, and nothing else. */

const encryptResponse = z
  .object({
    name: z.string(),
    ciphertext: z.base64().transform((text) => Buffer.from(text, 'base64')),
    ciphertextCrc32c: z.string(),
    verifiedPlaintextCrc32c: z.literal(true),
    verifiedAdditionalAuthenticatedDataCrc32c: z.literal(true),
  })
  .refine(({ ciphertext, ciphertextCrc32c }) => crc32c(ciphertext) === ciphertextCrc32c);

/** Attempts if a checksum does not match: https://cloud.google.com/kms/docs/data-integrity-guidelines */
const ATTEMPTS = 3;
const PAUSE_MS = 200;

/** Returns the key of a key version. */
const keyOf = (keyVersion: string): string => keyVersion.replace(/\/cryptoKeyVersions\/\d+$/, '');

async function encryptOnce(place: KmsPlace, user: string, token: string): Promise<SealedToken> {
  const { response, status } = await callKms(place, user, 'plaintext', Buffer.from(token));
  const sealed = encryptResponse.safeParse(response);
  if (sealed.success) return { keyVersion: sealed.data.name, ciphertext: sealed.data.ciphertext };
  const { key } = place;
  throw rejection('kms', status, {
    PERMISSION_DENIED: ['kmsDenied', `needs roles/cloudkms.cryptoKeyEncrypter on ${key}, if it exists`],
    NOT_FOUND: ['kmsKeyNotFound', `the key ${key} does not exist`],
    FAILED_PRECONDITION: [
      'kmsKeyUnusable',
      `the primary version of ${key} is disabled or destroyed: enable it, or make another version the primary one`,
    ],
  });
}

const isTemporary = (error: unknown): boolean =>
  error instanceof CredentialsError && error.problem.kind === 'temporary';

/** Repeats what failed for a reason that may pass. @throws {CredentialsError} */
export async function patiently<T>(work: () => Promise<T>, attempts = ATTEMPTS): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (!isTemporary(error) || attempt >= attempts) throw error;
      await sleep(PAUSE_MS * attempt);
    }
  }
}

/**
 * Encrypts a token with the key's primary version, with its user as additional authenticated data. Checksums are verified both ways.
 * @see https://cloud.google.com/kms/docs/reference/rest/v1/projects.locations.keyRings.cryptoKeys/encrypt
 * @throws {CredentialsError} that says what to do and never contains the token
 */
export const encryptToken = (place: KmsPlace, user: string, token: string): Promise<SealedToken> =>
  patiently(() => encryptOnce(place, user, token));

/** Decrypts a token with the key that it names, which may be another one than the configured. @throws {CredentialsError} */
export const openToken = (place: KmsPlace, user: string, sealed: SealedToken): Promise<string> =>
  patiently(() => decryptToken({ ...place, key: keyOf(sealed.keyVersion) }, user, sealed));
