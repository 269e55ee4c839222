import { createAmbient } from '../../../functions/calendar/auth/adc.ts';
import type { TokenStoreName } from '../../../functions/calendar/auth/modes.ts';
import { CredentialsError } from '../../../functions/calendar/errors.ts';
import { Failure } from '../failure.ts';
import type { Session } from '../session.ts';
import { chosenTokenStore, type TokenStoreConfig } from './choice.ts';
import { tokenFailure } from './failure.ts';
import { encryptToken } from './kms.ts';
import { createFirestoreStore, createSecretStore, type TokenStore } from './stores.ts';

/**
 * Opens the stores: Secret Manager, and Firestore if there is a key.
 * @param needed the store that the command cannot do without
 * @param choice the key, if it is known already
 * @throws {Failure} if it needs Firestore and no key is known
 */
export async function openStores(
  session: Session,
  needed?: TokenStoreName,
  choice?: Pick<TokenStoreConfig, 'OAUTH_KMS_KEY'>,
) {
  const { config, firestore } = session;
  const { OAUTH_KMS_KEY: key } =
    choice ?? (config.OAUTH_KMS_KEY === undefined ? await chosenTokenStore(session) : config);
  const ambient = createAmbient();
  const secrets = createSecretStore(config, ambient);
  if (key === undefined) {
    if (needed === undefined) return { stores: [secrets], primaryVersion: async () => '' };
    throw new Failure(
      'OAUTH_KMS_KEY is not set, and the deployed functions have none',
      'set it to the key: projects/…/locations/…/keyRings/…/cryptoKeys/…',
    );
  }
  const kms = { rootUrl: config.KMS_ROOT_URL, ambient, key };
  const stores: readonly TokenStore[] = [secrets, createFirestoreStore(firestore, kms)];
  /** Returns the key version that encrypts now, and so checks that this account may encrypt. Only encrypting tells without the right to read the key. */
  const primaryVersion = async (): Promise<string> => {
    try {
      return (await encryptToken(kms, 'calendar-mirror', 'which version is the primary one?')).keyVersion;
    } catch (error) {
      if (!(error instanceof CredentialsError)) throw error;
      throw tokenFailure(error, 'calendar-mirror', config.GOOGLE_CLOUD_PROJECT);
    }
  };
  return { stores, primaryVersion };
}

/** Opens the store that the functions read. @throws {Failure} if it is not known, or if its key cannot encrypt */
export async function openStore(session: Session): Promise<TokenStore> {
  const choice = await chosenTokenStore(session);
  const { OAUTH_TOKEN_STORE: name } = choice;
  const needed = name === 'firestore' ? name : undefined;
  const { stores, primaryVersion } = await openStores(session, needed, choice);
  if (needed !== undefined) await primaryVersion();
  const store = stores.find((each) => each.name === name);
  if (store === undefined) throw new Failure(`${name} does not name a store`, 'set OAUTH_TOKEN_STORE');
  return store;
}
