import * as z from 'zod';

import { canonicalAddress } from '../protocol/address.ts';
import type { Site } from '../protocol/exchange.ts';
import type { Clock } from '../state/clock.ts';
import { CONSENT_MODES, type Accounts, type ConsentMode } from './authorization.ts';
import { createRegister } from './clients.ts';
import { createGrants, type GrantFilter } from './grants.ts';
import { type KeyFile, makeKeyFile } from './key-file.ts';
import { createKeys } from './keys.ts';
import type { Observers } from './observed.ts';
import { type Issuer, subjectOf } from './openid.ts';
import { Client, OAuthSeed, type OAuthState, ServiceAccount } from './records.ts';
import { createSite } from './site.ts';

export interface OAuthOptions extends OAuthSeed {
  /** Lifetime of access tokens by the emulator's clock. 3599 by default, as Google's. */
  readonly accessTokenSeconds?: number;
  /** Whether clients, service accounts and delegated users that are not known are rejected. False by default. */
  readonly strict?: boolean;
  /** Issuer of ID tokens: `google` by default, so that Google's libraries accept them; `emulator` for its own URL. */
  readonly issuer?: Issuer;
  /** Whether the consent page asks, or requests are allowed or denied at once. `ask` by default. */
  readonly consent?: ConsentMode;
}

export const NewServiceAccount = ServiceAccount.omit({ publicKeys: true });

/** Signing in, for tests in the same process. */
export interface OAuth {
  /** Registers a client, which is checked strictly from then on. */
  registerClient(client: z.input<typeof Client>): void;
  registerServiceAccount(account: z.input<typeof ServiceAccount>): void;
  clients(): readonly Client[];
  serviceAccounts(): readonly ServiceAccount[];
  /** Adds a key to a service account, which is registered if it is not, and returns the file as Google's console gives it. */
  createKey(account: z.input<typeof NewServiceAccount>): Promise<KeyFile>;
  /** Returns what users have consented to. */
  grants(filter?: GrantFilter): ReturnType<ReturnType<typeof createGrants>['list']>;
  /** Ends consents with all their tokens, as a user does at myaccount.google.com. Returns their number. */
  revoke(filter?: GrantFilter): number;
  /** Ends access tokens before their time; refresh tokens stay. Returns their number. */
  expireTokens(filter?: GrantFilter): number;
  /** Sets how requests for consent are answered. */
  setConsent(mode: ConsentMode): void;
}

/** What the emulator itself needs besides. */
export interface OAuthServer extends OAuth {
  readonly site: Site;
  /** Returns whom an access token stands for; undefined if it is unknown, expired or revoked. */
  readonly readToken: (
    token: string,
  ) => { readonly user: string; readonly scopes: ReadonlySet<string> } | undefined;
  readonly save: () => OAuthState;
  readonly restore: (state: OAuthState) => void;
  /** Registers the clients and service accounts of a seed. */
  readonly seed: (seed: OAuthSeed) => void;
  /** Forgets all consents and tokens, and restores what the options register. */
  readonly reset: () => void;
}

export interface OAuthDeps {
  readonly options?: OAuthOptions | undefined;
  readonly observers: Observers;
  readonly clock: Clock;
  readonly accounts: Accounts;
  /** The emulator's own root URL. */
  readonly root: () => string;
  /** The system's time in ms, by which clients sign and verify JWTs. */
  readonly now?: () => number;
}

const filterOf = ({ user, clientId }: GrantFilter = {}): GrantFilter => ({
  clientId,
  user: user === undefined ? undefined : canonicalAddress(user),
});

/** Returns the emulator of Google's sign-in. */
export function createOAuth({
  options = {},
  observers,
  clock,
  accounts,
  root,
  now = Date.now,
}: OAuthDeps): OAuthServer {
  const {
    accessTokenSeconds = 3599,
    strict = false,
    issuer = 'google',
    consent = 'ask',
    ...initial
  } = options;
  const register = createRegister(strict);
  const grants = createGrants(clock, accessTokenSeconds);
  const keys = createKeys();
  let mode = consent;
  const { site, reset } = createSite({
    register,
    grants,
    accounts,
    keys,
    clock,
    now,
    issuer,
    mode: () => mode,
    ...observers,
  });

  const server: OAuthServer = {
    site,
    readToken(token) {
      const held = grants.accessToken(token);
      return held && { user: held.user, scopes: new Set(held.scopes) };
    },
    registerClient(client) {
      const parsed = Client.parse(client);
      register.clients.set(parsed.clientId, parsed);
    },
    registerServiceAccount(account) {
      const parsed = ServiceAccount.parse(account);
      register.serviceAccounts.set(parsed.email, parsed);
    },
    clients: () => [...register.clients.values()],
    serviceAccounts: () => [...register.serviceAccounts.values()],
    async createKey(account) {
      const { email, delegation } = NewServiceAccount.parse(account);
      const { file, certificate } = await makeKeyFile(email, subjectOf(email), root());
      const known = register.serviceAccounts.get(email);
      server.registerServiceAccount({
        email,
        publicKeys: [...(known?.publicKeys ?? []), certificate],
        delegation: delegation ?? known?.delegation,
      });
      return file;
    },
    grants: (filter) => grants.list(filterOf(filter)),
    revoke: (filter) => grants.revokeAll(filterOf(filter)),
    expireTokens: (filter) => grants.expire(filterOf(filter)),
    setConsent(wanted) {
      mode = z.enum(CONSENT_MODES).parse(wanted);
    },
    save: () => ({
      clients: [...register.clients.values()],
      serviceAccounts: [...register.serviceAccounts.values()],
      ...grants.save(),
      signingKey: keys.save(),
    }),
    restore({ clients, serviceAccounts, signingKey, ...saved }) {
      register.clients.clear();
      register.serviceAccounts.clear();
      server.seed({ clients, serviceAccounts });
      grants.restore(saved);
      keys.restore(signingKey);
    },
    seed(seed) {
      const { clients = [], serviceAccounts = [] } = OAuthSeed.parse(seed);
      for (const client of clients) server.registerClient(client);
      for (const account of serviceAccounts) server.registerServiceAccount(account);
    },
    reset() {
      register.clients.clear();
      register.serviceAccounts.clear();
      grants.revokeAll({});
      reset();
      mode = consent;
      server.seed(initial);
    },
  };
  server.seed(initial);
  return server;
}
