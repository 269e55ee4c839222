import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

import type { cloudkms_v1 } from 'googleapis/build/src/apis/cloudkms/v1.js';
import * as z from 'zod';

import { crc32c } from '../../../functions/calendar/auth/tokens.ts';
import { AMBIENT_TOKEN, apiError, reply, type Reply } from './reply.ts';

/**
 * Cloud KMS, as far as calendar-mirror needs it: AES-256-GCM with keys that have versions. Shapes are those of Google's API definition.
 * [encrypt] https://cloud.google.com/kms/docs/reference/rest/v1/projects.locations.keyRings.cryptoKeys/encrypt
 * [decrypt] …/cryptoKeys/decrypt [states] https://cloud.google.com/kms/docs/key-states
 */

type VersionState = 'ENABLED' | 'DISABLED' | 'DESTROY_SCHEDULED' | 'DESTROYED';

interface Version {
  state: VersionState;
  readonly secret: Buffer;
}
interface Key {
  readonly versions: Version[];
  primary: number;
}

export const KMS_KEY =
  'projects/demo-project/locations/europe-west1/keyRings/calendar-mirror/cryptoKeys/oauth-tokens';

const IV = 12;
const TAG = 16;

const encryptRequest = z.strictObject({
  plaintext: z.base64(),
  additionalAuthenticatedData: z.base64().optional(),
  plaintextCrc32c: z.string().optional(),
  additionalAuthenticatedDataCrc32c: z.string().optional(),
} satisfies Record<keyof cloudkms_v1.Schema$EncryptRequest, z.ZodType>);
const decryptRequest = z.strictObject({
  ciphertext: z.base64(),
  additionalAuthenticatedData: z.base64().optional(),
  ciphertextCrc32c: z.string().optional(),
  additionalAuthenticatedDataCrc32c: z.string().optional(),
} satisfies Record<keyof cloudkms_v1.Schema$DecryptRequest, z.ZodType>);

const bytes = (base64: string | undefined): Buffer => Buffer.from(base64 ?? '', 'base64');

const newVersion = (): Version => ({ state: 'ENABLED', secret: randomBytes(32) });

/** The text of Cloud KMS. https://github.com/sethvargo/vault-on-gke/issues/56 */
const notEnabled = (name: string, version: number, is: VersionState): Reply =>
  apiError(
    400,
    'FAILED_PRECONDITION',
    `${name}/cryptoKeyVersions/${String(version)} is not enabled, current state is: ${is}.`,
  );
const denied = (permission: string, name: string): Reply =>
  apiError(
    403,
    'PERMISSION_DENIED',
    `Permission 'cloudkms.cryptoKeyVersions.${permission}' denied on resource '${name}' (or it may not exist).`,
  );
/** "KeyManagementService will report an error if the checksum verification fails." [encrypt, decrypt] */
const mismatch = (field: string): Reply =>
  apiError(
    400,
    'INVALID_ARGUMENT',
    `The checksum in field ${field}_crc32c did not match the data in field ${field}.`,
  );

export function createKms() {
  const keys = new Map<string, Key>();

  const state = {
    /** What the caller may do with keys. */
    mayEncrypt: true,
    mayDecrypt: true,
    /** Damages a field of requests before they are read, or of responses after they are made. */
    damage: undefined as
      | undefined
      | 'plaintext'
      | 'ciphertext'
      | 'plaintextCrc32c'
      | 'verifiedPlaintextCrc32c'
      | 'request',
    /** Adds a key with one version. */
    create: (name: string): void => void keys.set(name, { versions: [newVersion()], primary: 1 }),
    remove: (name: string): boolean => keys.delete(name),
    /** Adds a version and makes it the primary one, as a rotation does. */
    rotate: (name: string): void => {
      const key = keys.get(name);
      if (key !== undefined) key.primary = key.versions.push(newVersion());
    },
    setState: (name: string, version: number, to: VersionState): void => {
      const found = keys.get(name)?.versions[version - 1];
      if (found !== undefined) found.state = to;
    },
  };
  state.create(KMS_KEY);

  const differs = (data: Buffer, sum: string | undefined): boolean =>
    sum !== undefined && (crc32c(data) !== sum || state.damage === 'request');

  function encrypt(name: string, body: unknown): Reply {
    const request = encryptRequest.parse(body);
    if (!state.mayEncrypt) return denied('useToEncrypt', name);
    const key = keys.get(name);
    if (key === undefined) return apiError(404, 'NOT_FOUND', `CryptoKey ${name} not found.`);
    const [plaintext, aad] = [bytes(request.plaintext), bytes(request.additionalAuthenticatedData)];
    if (differs(plaintext, request.plaintextCrc32c)) return mismatch('plaintext');
    if (differs(aad, request.additionalAuthenticatedDataCrc32c))
      return mismatch('additional_authenticated_data');
    const version = key.versions[key.primary - 1];
    if (version?.state !== 'ENABLED') return notEnabled(name, key.primary, version?.state ?? 'DESTROYED');
    const iv = randomBytes(IV);
    const cipher = createCipheriv('aes-256-gcm', version.secret, iv).setAAD(aad);
    const sealed = Buffer.concat([cipher.update(plaintext), cipher.final()]);
    const ciphertext = Buffer.concat([Buffer.from([key.primary]), iv, cipher.getAuthTag(), sealed]);
    const sum = crc32c(ciphertext);
    if (state.damage === 'ciphertext') ciphertext.writeUInt8(ciphertext.readUInt8(20) ^ 1, 20);
    return reply(200, {
      // "The resource name of the CryptoKeyVersion used in encryption." [encrypt]
      name: `${name}/cryptoKeyVersions/${String(key.primary)}`,
      ciphertext: ciphertext.toString('base64'),
      ciphertextCrc32c: sum,
      // False is left out. https://protobuf.dev/programming-guides/json: implicit presence
      ...(request.plaintextCrc32c === undefined || state.damage === 'verifiedPlaintextCrc32c'
        ? {}
        : { verifiedPlaintextCrc32c: true }),
      ...(request.additionalAuthenticatedDataCrc32c === undefined
        ? {}
        : { verifiedAdditionalAuthenticatedDataCrc32c: true }),
      protectionLevel: 'SOFTWARE',
    } satisfies cloudkms_v1.Schema$EncryptResponse);
  }

  /** The text of Cloud KMS for another key, other data or another ciphertext. https://github.com/sethvargo/vault-on-gke/issues/32 */
  const failed = apiError(
    400,
    'INVALID_ARGUMENT',
    "Decryption failed: verify that 'name' refers to the correct CryptoKey.",
  );

  function decrypt(name: string, body: unknown): Reply {
    const request = decryptRequest.parse(body);
    if (!state.mayDecrypt) return denied('useToDecrypt', name);
    const key = keys.get(name);
    if (key === undefined) return apiError(404, 'NOT_FOUND', `CryptoKey ${name} not found.`);
    const [ciphertext, aad] = [bytes(request.ciphertext), bytes(request.additionalAuthenticatedData)];
    if (differs(ciphertext, request.ciphertextCrc32c)) return mismatch('ciphertext');
    if (differs(aad, request.additionalAuthenticatedDataCrc32c))
      return mismatch('additional_authenticated_data');
    const number = ciphertext[0] ?? 0;
    const version = key.versions[number - 1];
    if (version === undefined) return failed;
    if (version.state !== 'ENABLED') return notEnabled(name, number, version.state);
    try {
      const decipher = createDecipheriv('aes-256-gcm', version.secret, ciphertext.subarray(1, 1 + IV))
        .setAAD(aad)
        .setAuthTag(ciphertext.subarray(1 + IV, 1 + IV + TAG));
      const plaintext = Buffer.concat([decipher.update(ciphertext.subarray(1 + IV + TAG)), decipher.final()]);
      const sum = crc32c(plaintext);
      if (state.damage === 'plaintext') plaintext.writeUInt8(plaintext.readUInt8(0) ^ 1, 0);
      return reply(200, {
        plaintext: plaintext.toString('base64'),
        ...(state.damage === 'plaintextCrc32c' ? {} : { plaintextCrc32c: sum }),
        ...(number === key.primary ? { usedPrimary: true } : {}),
        protectionLevel: 'SOFTWARE',
      } satisfies cloudkms_v1.Schema$DecryptResponse);
    } catch {
      return failed;
    }
  }

  return {
    state,
    /** Answers POST /v1/{key}:encrypt and :decrypt. */
    reply: (path: string, bearer: string | undefined, body: unknown): Reply => {
      const [, name = '', method = ''] = /\/v1\/(.+):(encrypt|decrypt)$/.exec(path) ?? [];
      if (bearer !== AMBIENT_TOKEN) return apiError(401, 'UNAUTHENTICATED');
      if (method === '') return apiError(404, 'NOT_FOUND');
      return method === 'encrypt' ? encrypt(name, body) : decrypt(name, body);
    },
  };
}
