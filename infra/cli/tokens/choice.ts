import type { TokenStoreName } from '../../../functions/calendar/auth/modes.ts';
import type { CommandConfig } from '../config.ts';
import { findDeployment } from '../doctor/find.ts';
import type { Deployed } from '../doctor/functions.ts';
import { Failure } from '../failure.ts';
import type { Session } from '../session.ts';

/** Which store the functions read refresh tokens from. */

/** The two variables, as credentials take them. */
export interface TokenStoreConfig {
  readonly OAUTH_TOKEN_STORE: TokenStoreName;
  readonly OAUTH_KMS_KEY?: string | undefined;
}

/** Returns the store and the key that the environment gives, or else those of the deployed function. Pure. */
export function tokenStoreOf(
  { OAUTH_TOKEN_STORE: store, OAUTH_KMS_KEY: key }: CommandConfig,
  sync: Deployed | undefined,
): TokenStoreConfig {
  const { OAUTH_TOKEN_STORE: deployed, OAUTH_KMS_KEY: deployedKey } =
    sync?.serviceConfig.environmentVariables ?? {};
  return {
    OAUTH_TOKEN_STORE: store ?? (deployed === 'firestore' ? deployed : 'secret-manager'),
    OAUTH_KMS_KEY: key ?? deployedKey,
  };
}

/** Returns the store in use. @throws {Failure} if the deployed functions cannot be read, and no variable says it */
export async function chosenTokenStore(session: Session): Promise<TokenStoreConfig> {
  const { config } = session;
  if (config.OAUTH_TOKEN_STORE !== undefined) return tokenStoreOf(config, undefined);
  try {
    return tokenStoreOf(config, (await findDeployment(session)).sync);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    throw new Failure(
      `cannot find out where refresh tokens are kept: ${error.message}`,
      'set OAUTH_TOKEN_STORE (and OAUTH_KMS_KEY) to the values of the deployed functions',
      { cause: error },
    );
  }
}
