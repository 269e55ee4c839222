/** Tests of commands on refresh tokens: both stores, with Firestore's emulator and stand-ins for Secret Manager and Cloud KMS. */
import { tokenPath } from '../../functions/calendar/auth/tokens.ts';
import { userSecret } from '../../functions/calendar/auth/secrets.ts';
import { commandLine } from './command-line.ts';
import { ADA } from './identity/bench.ts';
import { KMS_KEY } from './identity/kms.ts';
import { environmentOf, loginTest } from './login-test.ts';

export const BEN = 'ben@example.com';
export const versionOf = (number: number, key = KMS_KEY): string =>
  `${key}/cryptoKeyVersions/${String(number)}`;

/** Each test has a command line that keeps tokens in Firestore, and the places of both stores. */
export const tokensTest = loginTest
  .extend('tokens', ({ identity, project }) =>
    commandLine({
      ...environmentOf(identity, project),
      OAUTH_TOKEN_STORE: 'firestore',
      OAUTH_KMS_KEY: KMS_KEY,
    }),
  )
  .extend('at', ({ firestore, identity }) => ({
    /** The document of a user. */
    document: async (user = ADA) => (await firestore.doc(tokenPath(user)).get()).data(),
    secret: (user = ADA) => identity.state.secrets.get(userSecret(user)),
    states: (user = ADA) => identity.state.secrets.states(userSecret(user)),
    /** Stores a token in Secret Manager. */
    store: (user: string, token: string) => void identity.state.secrets.set(userSecret(user), token),
  }));
