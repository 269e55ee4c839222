import { createAmbient } from '../../../functions/calendar/auth/adc.ts';
import type { AccessToken } from '../../../functions/calendar/auth/credentials.ts';
import { createDelegation } from '../../../functions/calendar/auth/delegation.ts';
import { createExchange } from '../../../functions/calendar/auth/request.ts';
import type { AuthMode } from '../../../functions/calendar/auth/modes.ts';
import { CredentialsError } from '../../../functions/calendar/errors.ts';
import { authOf } from '../doctor/access.ts';
import { findDeployment } from '../doctor/find.ts';
import { Failure, UsageError } from '../failure.ts';
import type { Session } from '../session.ts';
import { tokenStoreOf, type TokenStoreConfig } from '../tokens/choice.ts';
import { CALENDAR_SCOPE, grantCommand, impersonate } from './impersonate.ts';

/** Finds out in whose name a trial calls Google Calendar, and with which credentials. */

export interface Actor {
  readonly mode: AuthMode;
  /** Whose view is mirrored: the owner of the trial's calendar. */
  readonly user: string;
  /** Root URL of the Calendar API. */
  readonly calendarUrl: string;
  readonly token: () => Promise<string>;
  /** Another account that has to read the calendar: that of renew, if it is not that of sync. */
  readonly sharedWith: string | undefined;
  /** The address of receive, undefined if it is not known. */
  readonly channelAddress: string | undefined;
  /** Where sync reads refresh tokens. */
  readonly tokenStore: TokenStoreConfig;
}

export interface ActorOptions {
  readonly user?: string | undefined;
  readonly auth?: AuthMode | undefined;
}

const GOOGLE = 'https://www.googleapis.com';
/** The user of the Calendar emulator, which knows every address. */
const EMULATED_USER = 'calendar-mirror-trial@example.com';
/** A token is replaced when it has less than this left. */
const EARLY_MS = 5 * 60_000;

/** Keeps a token until it expires. */
function kept(fetchToken: () => Promise<AccessToken>): () => Promise<string> {
  let held: AccessToken | undefined;
  return async () => {
    if (held === undefined || held.expiresAt - EARLY_MS < Date.now()) held = await fetchToken();
    return held.token;
  };
}

function explained(error: unknown, email: string, project: string): unknown {
  if (!(error instanceof CredentialsError)) return error;
  const { reason } = error.problem;
  const detail = 'detail' in error.problem ? error.problem.detail : undefined;
  const grant = grantCommand(email, project);
  const next: Readonly<Record<string, string>> = {
    impersonationDenied: grant,
    signJwtDenied: grant,
    iamCredentialsDisabled: `gcloud services enable iamcredentials.googleapis.com --project=${project}`,
    unauthorized_client: `grant the scope ${CALENDAR_SCOPE} in the Admin console for the time of the trial (infra/operations.md)`,
  };
  return new Failure(
    `cannot act as ${email}: ${detail ?? reason}`,
    next[reason] ?? 'run calendar-mirror doctor',
    { cause: error },
  );
}

const readOnly = async (): Promise<string> => {
  throw new Failure('with oauth a trial can only read', 'ask the user to edit an event');
};

const required = (user: string | undefined, mode: AuthMode): string => {
  if (user !== undefined) return user;
  throw new UsageError('--user is missing', `with ${mode}, give the address of a user of yours`);
};

/**
 * Finds the actor of a trial, and obtains its first access token.
 * @throws {UsageError} if the mode needs a user, {Failure} if the functions are not found or credentials are missing
 */
export async function findActor(session: Session, { user, auth }: ActorOptions): Promise<Actor> {
  const { config } = session;
  const deployment = await findDeployment(session);
  const mode = auth ?? config.CALENDAR_AUTH ?? authOf(deployment.sync);
  const common = {
    mode,
    calendarUrl: config.CALENDAR_API_ROOT_URL ?? GOOGLE,
    channelAddress:
      config.CHANNEL_ADDRESS ?? deployment.renew?.serviceConfig.environmentVariables['CHANNEL_ADDRESS'],
    sharedWith: undefined,
    tokenStore: tokenStoreOf(config, deployment.sync),
  };
  if (mode === 'emulator') {
    const name = user ?? EMULATED_USER;
    return { ...common, user: name, token: async () => name };
  }
  if (mode === 'oauth') {
    return { ...common, user: required(user, mode), token: readOnly };
  }
  const syncAccount = deployment.sync?.serviceConfig.serviceAccountEmail || undefined;
  const ambient = createAmbient();
  const checked = async (actor: Actor, email: string): Promise<Actor> => {
    try {
      await actor.token();
      return actor;
    } catch (error) {
      throw explained(error, email, config.GOOGLE_CLOUD_PROJECT);
    }
  };
  if (mode === 'delegation') {
    const name = required(user, mode);
    const serviceAccount =
      config.DELEGATION_SERVICE_ACCOUNT ??
      deployment.sync?.serviceConfig.environmentVariables['DELEGATION_SERVICE_ACCOUNT'] ??
      syncAccount;
    const fetchToken = createDelegation(
      { ...config, ...common.tokenStore, DELEGATION_SERVICE_ACCOUNT: serviceAccount },
      createExchange(config.OAUTH_TOKEN_URL, Date.now),
      ambient,
      Date.now,
    );
    const token = kept(() => fetchToken(name, CALENDAR_SCOPE));
    return checked({ ...common, user: name, token }, serviceAccount ?? 'the delegation account');
  }
  if (user !== undefined)
    throw new UsageError(
      '--user is not valid with service-account',
      'leave it out, the account has a calendar of its own',
    );
  if (syncAccount === undefined)
    throw new Failure(
      'the service account of sync is not known',
      'deploy sync first, or run calendar-mirror doctor',
    );
  const renewAccount = deployment.renew?.serviceConfig.serviceAccountEmail || undefined;
  const token = kept(() => impersonate(config.IAM_CREDENTIALS_ROOT_URL, syncAccount, ambient));
  const sharedWith = renewAccount === syncAccount ? undefined : renewAccount;
  return checked({ ...common, user: syncAccount, token, sharedWith }, syncAccount);
}
