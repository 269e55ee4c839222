import * as z from 'zod';

import { isObject } from '../protocol/body.ts';
import { NewServiceAccount, type OAuth } from './oauth.ts';
import { Client, ServiceAccount } from './records.ts';
import { CONSENT_MODES } from './authorization.ts';

const Filter = z.strictObject({ user: z.string().optional(), clientId: z.string().optional() });
const Consent = z.strictObject({ mode: z.enum(CONSENT_MODES) });

/** Clients without their secrets. */
const shown = ({ clientSecret, ...client }: Client) => ({ ...client, hasSecret: clientSecret !== undefined });

/** Returns the control routes of sign-in, by method and path below `/emulator`. */
export const oauthControl = (
  oauth: OAuth,
): Readonly<Record<string, (body: unknown, query: URLSearchParams) => unknown>> => ({
  'GET /oauth/clients': () => oauth.clients().map(shown),
  'POST /oauth/clients': (body) => oauth.registerClient(Client.parse(body)),
  'GET /oauth/service-accounts': () => oauth.serviceAccounts(),
  'POST /oauth/service-accounts': (body) =>
    isObject(body) && 'publicKeys' in body
      ? oauth.registerServiceAccount(ServiceAccount.parse(body))
      : oauth.createKey(NewServiceAccount.parse(body)),
  'GET /oauth/grants': (_body, query) => oauth.grants(Filter.parse(Object.fromEntries(query))),
  'POST /oauth/revoke': (body) => ({ revoked: oauth.revoke(Filter.parse(body ?? {})) }),
  'POST /oauth/expire-tokens': (body) => ({ expired: oauth.expireTokens(Filter.parse(body ?? {})) }),
  'POST /oauth/consent': (body) => oauth.setConsent(Consent.parse(body).mode),
});
