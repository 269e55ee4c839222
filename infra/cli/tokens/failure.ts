import { userSecret } from '../../../functions/calendar/auth/secrets.ts';
import { CredentialsError } from '../../../functions/calendar/errors.ts';
import { Conflict } from '../../../functions/firestore/client.ts';
import { secretFailure } from '../format/consent.ts';
import { Failure } from '../failure.ts';

/** Returns the failure for a token that cannot be read or written: what is wrong, and what to do. Contains no token. Pure. */
export function tokenFailure(error: unknown, user: string, project: string): Failure {
  if (error instanceof Failure) return error;
  if (error instanceof Conflict)
    return new Failure(`the token of ${user} was stored again meanwhile`, 'run it again');
  if (!(error instanceof CredentialsError)) throw error;
  return secretFailure(error, userSecret(user), project);
}
