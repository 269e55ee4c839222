import { createHash, createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';

import type { JWK, JWTPayload } from 'jose';

import { parseJson } from '../protocol/body.ts';
import { certificateOf } from './certificate.ts';

/** The emulator's own key, which signs ID tokens and, for IAM Credentials, the JWTs of service accounts. */

const generate = promisify(generateKeyPair);

interface SigningKey {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  readonly kid: string;
}

/** Loaded when first needed, so that the emulator starts faster. */
const jose = () => import('jose');

/** Returns the id of a key, 40 hexadecimal digits. */
export const keyId = (privateKey: KeyObject): string =>
  createHash('sha1')
    .update(createPublicKey(privateKey).export({ type: 'spki', format: 'der' }))
    .digest('hex');

function signingKey(pem: string): SigningKey {
  const privateKey = createPrivateKey(pem);
  return { privateKey, publicKey: createPublicKey(privateKey), kid: keyId(privateKey) };
}

/** Returns a new RSA key, as PKCS #8 in PEM. */
export async function newPrivateKey(): Promise<string> {
  const { privateKey } = await generate('rsa', { modulusLength: 2048 });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** Returns the key, which is made when it is first needed. */
export function createKeys() {
  let pem: string | undefined;
  let made: Promise<string> | undefined;

  const current = async (): Promise<SigningKey> => {
    pem ??= await (made ??= newPrivateKey());
    return signingKey(pem);
  };

  return {
    id: async (): Promise<{ readonly kid: string }> => ({ kid: (await current()).kid }),
    sign: async (claims: JWTPayload): Promise<{ readonly kid: string; readonly jwt: string }> => {
      const { SignJWT } = await jose();
      const { privateKey, kid } = await current();
      const jwt = await new SignJWT(claims)
        .setProtectedHeader({ alg: 'RS256', kid, typ: 'JWT' })
        .sign(privateKey);
      return { kid, jwt };
    },
    /** Returns the claims of a JWT that one of the keys, or the emulator's own, has signed; undefined if none has. */
    verify: async (jwt: string, publicKeys: readonly string[]): Promise<unknown> => {
      const { compactVerify } = await jose();
      const own = pem === undefined ? [] : [signingKey(pem).publicKey];
      const attempts = [...publicKeys.map((each) => createPublicKey(each)), ...own].map((key) =>
        compactVerify(jwt, key, { algorithms: ['RS256'] }).then(({ payload }) =>
          parseJson(new TextDecoder().decode(payload)),
        ),
      );
      return Promise.any(attempts).catch(() => undefined);
    },
    /** The public key as a JWK set (`/oauth2/v3/certs`). */
    jwks: async (): Promise<{ readonly keys: readonly JWK[] }> => {
      const { exportJWK } = await jose();
      const { publicKey, kid } = await current();
      return { keys: [{ ...(await exportJWK(publicKey)), alg: 'RS256', use: 'sig', kid }] };
    },
    /** The public key as certificates by key id (`/oauth2/v1/certs`). */
    certificates: async (): Promise<Readonly<Record<string, string>>> => {
      const { privateKey, kid } = await current();
      return { [kid]: certificateOf(privateKey, 'federated-signon.system.gserviceaccount.com') };
    },
    save: (): string | undefined => pem,
    restore: (saved: string | undefined): void => {
      pem = saved;
      made = undefined;
    },
  };
}

export type Keys = ReturnType<typeof createKeys>;
