import * as z from 'zod';

import { requestAs, type Ambient } from './adc.ts';
import type { CredentialsConfig } from './credentials.ts';
import { accessDenied, joinUrl, rejection } from './request.ts';
import { unusable, userSecret } from './secrets.ts';

/** Reads refresh tokens: from Secret Manager, or from Firestore, where a key of Cloud KMS encrypts them. */

/** A document of {@link TOKENS}. `infra/cli/tokens` writes them; the functions have no right to encrypt. */
export const sealedToken = z.object({
  /** Full resource name of the key version that encrypted it. */
  keyVersion: z.string(),
  ciphertext: z.instanceof(Uint8Array),
});
export type SealedToken = z.infer<typeof sealedToken>;

/** The part of Firestore's client that reads a document. */
export interface Documents {
  readonly doc: (path: string) => { readonly get: () => Promise<{ readonly data: () => unknown }> };
}

/** Firestore's collection of encrypted refresh tokens. Outside `users`, so that no rule for readers of the mirror opens it. */
export const TOKENS = 'oauthTokens';

/** Returns the path of a user's document. It has the id of the user's secret. */
export const tokenPath = (user: string): string => `${TOKENS}/${userSecret(user)}`;

/**
 * Returns the CRC32C of bytes in decimal, as Cloud KMS writes it.
 * @see https://cloud.google.com/kms/docs/data-integrity-guidelines
 */
export function crc32c(bytes: Uint8Array): string {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0x82f63b78 : 0);
  }
  return String(~crc >>> 0);
}

/** A key, and how to call Cloud KMS. */
export interface KmsPlace {
  readonly rootUrl: string;
  readonly ambient: Ambient;
  /** Full resource name, without a version. */
  readonly key: string;
}

const errorResponse = z.object({ error: z.object({ status: z.string(), message: z.string() }) });

/**
 * Has Cloud KMS encrypt a `plaintext` or decrypt a `ciphertext`, with its user as additional authenticated data: a document that was
 * copied to another user does not open. Returns the response, or Google's status and message.
 */
export async function callKms(
  { rootUrl, ambient, key }: KmsPlace,
  user: string,
  field: 'plaintext' | 'ciphertext',
  bytes: Uint8Array,
) {
  const aad = Buffer.from(user);
  const method = field === 'plaintext' ? 'encrypt' : 'decrypt';
  const { status, body } = await requestAs(ambient, 'kms', joinUrl(rootUrl, `v1/${key}:${method}`), {
    [field]: Buffer.from(bytes).toString('base64'),
    [`${field}Crc32c`]: crc32c(bytes),
    additionalAuthenticatedData: aad.toString('base64'),
    additionalAuthenticatedDataCrc32c: crc32c(aad),
  });
  const error = errorResponse.safeParse(body).data?.error ?? { status: '', message: '' };
  return { response: status === 200 ? body : undefined, ...error };
}

const decryptResponse = z
  .object({ plaintext: z.base64(), plaintextCrc32c: z.string() })
  .transform(({ plaintext, plaintextCrc32c: sum }) => ({ text: Buffer.from(plaintext, 'base64'), sum }))
  .refine(({ text, sum }) => crc32c(text) === sum);

/**
 * Decrypts a token.
 * @see https://cloud.google.com/kms/docs/reference/rest/v1/projects.locations.keyRings.cryptoKeys/decrypt
 * @throws {CredentialsError} `accessDenied` with what to do, or `temporary`, also if a checksum does not match
 */
export async function decryptToken(
  place: KmsPlace,
  user: string,
  { ciphertext, keyVersion }: SealedToken,
): Promise<string> {
  const { key } = place;
  const { response, status, message } = await callKms(place, user, 'ciphertext', ciphertext);
  const opened = decryptResponse.safeParse(response);
  if (opened.success) return opened.data.text.toString();
  const next = `run calendar-mirror login ${user}`;
  // A checksum that Cloud KMS rejects was damaged on the way.
  throw rejection('kms', message.includes('crc32c') ? 'DATA_LOSS' : status, {
    PERMISSION_DENIED: ['kmsDenied', `needs roles/cloudkms.cryptoKeyDecrypter on ${key}, if it exists`],
    NOT_FOUND: ['kmsKeyNotFound', `the key ${key} does not exist`],
    FAILED_PRECONDITION: ['kmsKeyUnusable', `${keyVersion} is disabled or destroyed: enable it, or ${next}`],
    INVALID_ARGUMENT: ['tokenMismatch', `the token is not that of ${user}, or was altered: ${next}`],
  });
}

/** Returns a function that reads a user's refresh token from the configured store. @throws {CredentialsError} */
export function createTokens(
  config: CredentialsConfig,
  readSecret: (id: string) => Promise<string>,
  documents: Documents,
  ambient: Ambient,
): (user: string) => Promise<string> {
  const key = config.OAUTH_KMS_KEY ?? '';
  if (config.OAUTH_TOKEN_STORE === 'secret-manager') {
    return async (user) => {
      const token = await readSecret(userSecret(user));
      if (/^\S+$/.test(token)) return token;
      throw unusable(userSecret(user));
    };
  }
  return async (user) => {
    const sealed = sealedToken.safeParse((await documents.doc(tokenPath(user)).get()).data());
    if (!sealed.success)
      throw accessDenied('tokenNotFound', `no valid ${tokenPath(user)}: run calendar-mirror login ${user}`);
    const { keyVersion } = sealed.data;
    if (keyVersion.startsWith(`${key}/`))
      return decryptToken({ rootUrl: config.KMS_ROOT_URL, ambient, key }, user, sealed.data);
    const other = `the token needs ${keyVersion}, and OAUTH_KMS_KEY is ${key}`;
    throw accessDenied('tokenKeyMismatch', `${other}: run calendar-mirror tokens reencrypt`);
  };
}
