import { createPrivateKey } from 'node:crypto';

import { certificateOf } from './certificate.ts';
import { keyId, newPrivateKey } from './keys.ts';

/** A service account's key as Google's console gives it (https://cloud.google.com/iam/docs/keys-create-delete). */
export interface KeyFile {
  readonly type: 'service_account';
  readonly project_id: string;
  readonly private_key_id: string;
  readonly private_key: string;
  readonly client_email: string;
  readonly client_id: string;
  readonly auth_uri: string;
  readonly token_uri: string;
  readonly auth_provider_x509_cert_url: string;
  readonly universe_domain: 'googleapis.com';
}

/** Makes a key for an account. Returns the file, and the certificate by which its signatures are verified. */
export async function makeKeyFile(
  email: string,
  clientId: string,
  root: string,
): Promise<{ readonly file: KeyFile; readonly certificate: string }> {
  const pem = await newPrivateKey();
  const privateKey = createPrivateKey(pem);
  const file: KeyFile = {
    type: 'service_account',
    project_id: /@([\w-]+)\.iam\.gserviceaccount\.com$/.exec(email)?.[1] ?? 'demo-project',
    private_key_id: keyId(privateKey),
    private_key: pem,
    client_email: email,
    client_id: clientId,
    auth_uri: `${root}/o/oauth2/auth`,
    token_uri: `${root}/token`,
    auth_provider_x509_cert_url: `${root}/oauth2/v1/certs`,
    universe_domain: 'googleapis.com',
  };
  return { file, certificate: certificateOf(privateKey, email) };
}
