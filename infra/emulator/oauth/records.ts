import { createPublicKey } from 'node:crypto';

import * as z from 'zod';

import { canonicalAddress } from '../protocol/address.ts';

/** What the emulator of Google's sign-in keeps: clients, service accounts, consents and tokens. All of it is plain JSON. */

function isPublicKey(pem: string): boolean {
  try {
    createPublicKey(pem);
    return true;
  } catch {
    return false;
  }
}

/** A registered OAuth client. What is not registered is accepted with any secret. */
export const Client = z.strictObject({
  clientId: z.string().min(1),
  /** Shown on the consent page; the client's id by default. */
  name: z.string().min(1).optional(),
  /** None for clients that cannot keep one. */
  clientSecret: z.string().min(1).optional(),
  /** The exact addresses of a web application. Without any, the client is a desktop app: loopback addresses on any port. */
  redirectUris: z.array(z.string().min(1)).min(1).optional(),
  /** Publishing status "Testing": refresh tokens expire after 7 days (https://support.google.com/cloud/answer/15549945). */
  testing: z.boolean().optional(),
});
export type Client = z.infer<typeof Client>;

/** A registered service account. Of one that is not registered, any signature and any subject is accepted. */
export const ServiceAccount = z.strictObject({
  email: z.email().transform(canonicalAddress),
  /** PEM, each a public key or an X.509 certificate. `signJwt` of IAM Credentials signs without them. */
  publicKeys: z
    .array(z.string().refine(isPublicKey, 'not a public key or X.509 certificate in PEM'))
    .default([]),
  /** Domain-wide delegation: the scopes that each domain allows. */
  delegation: z.record(z.string().toLowerCase(), z.array(z.string().min(1))).optional(),
});
export type ServiceAccount = z.infer<typeof ServiceAccount>;

/** Who may do what: an account, the client that acts for it, and the scopes. */
const holder = { clientId: z.string(), user: z.string(), scopes: z.array(z.string()) };

/** The scopes that a user has consented to for a client. */
const Consent = z.strictObject(holder);
export type Consent = z.infer<typeof Consent>;

const Code = z.strictObject({
  ...holder,
  redirectUri: z.string(),
  challenge: z.strictObject({ method: z.enum(['S256', 'plain']), value: z.string() }).optional(),
  nonce: z.string().optional(),
  offline: z.boolean(),
  refreshable: z.boolean(),
  expiresAt: z.number(),
});
export type Code = z.infer<typeof Code>;

/** The code that a token comes from, if any: directly or by way of a refresh token. */
const origin = { code: z.string().optional() };

const AccessToken = z.strictObject({ ...holder, ...origin, offline: z.boolean(), expiresAt: z.number() });
export type AccessToken = z.infer<typeof AccessToken>;

const RefreshToken = z.strictObject({ ...holder, ...origin, expiresAt: z.number().optional() });
export type RefreshToken = z.infer<typeof RefreshToken>;

/** Everything that outlives a request, for state files. */
export const OAuthState = z.strictObject({
  clients: z.array(Client),
  serviceAccounts: z.array(ServiceAccount),
  consents: z.array(Consent),
  codes: z.array(z.tuple([z.string(), Code])),
  accessTokens: z.array(z.tuple([z.string(), AccessToken])),
  refreshTokens: z.array(z.tuple([z.string(), RefreshToken])),
  /** PKCS #8 in PEM, once an ID token or a JWT was signed. */
  signingKey: z.string().optional(),
});
export type OAuthState = z.infer<typeof OAuthState>;

/** The registered clients and service accounts of a seed. */
export const OAuthSeed = z.strictObject({
  clients: z.array(Client).optional(),
  serviceAccounts: z.array(ServiceAccount).optional(),
});
export type OAuthSeed = z.input<typeof OAuthSeed>;
