import type { Consented } from '../calendar/auth/consent.ts';
import type { CredentialsError } from '../calendar/errors.ts';
import { Failure } from './failure.ts';

/** What can go wrong with consent and secrets, and what to do about it. Pure; no word of any token. */

const AGAIN = 'run it again';

/** What a refused question comes to; `access_denied` is the user's own answer. */
export function refusedFailure(user: string, reason: string): Failure {
  if (reason === 'access_denied') {
    return new Failure(
      `${user} has not consented`,
      `${AGAIN}, and let ${user} allow what is asked; while the consent screen is in testing, ${user} has to be a test user of it`,
    );
  }
  if (reason === 'invalid_client' || reason === 'unauthorized_client') {
    return new Failure(
      `Google does not know the client or its secret (${reason})`,
      'store the JSON of a client of type "Desktop app" anew in the secret calendar-oauth-client, or give it with --client',
    );
  }
  return new Failure(`Google has refused (${reason})`, AGAIN);
}

/** @throws {Failure} for all but consent. */
export function mustConsent(user: string, consented: Consented): string {
  switch (consented.is) {
    case 'consented':
      return consented.refreshToken;
    case 'refused':
      throw refusedFailure(user, consented.reason);
    case 'unreachable':
      throw new Failure(
        'Google’s token endpoint gives no answer that makes sense',
        `check the network, and ${AGAIN}`,
      );
    case 'noRefreshToken':
      throw new Failure(
        'Google gave no refresh token',
        `let ${user} take back the access at https://myaccount.google.com/connections, and ${AGAIN}`,
      );
    case 'tooLittle':
      throw new Failure(
        `${user} has not consented to ${consented.missing.join(', ')}`,
        `${AGAIN} and have all boxes ticked, or ask for less with --resource`,
      );
    case 'otherUser':
      throw new Failure(
        `${consented.email === '' ? 'an unknown account' : consented.email} has consented, not ${user}`,
        `${AGAIN}, and choose ${user} where Google asks for the account`,
      );
  }
}

/** What keeps secrets from being read or written; `subject` is the secret in question. */
export function secretFailure({ problem }: CredentialsError, subject: string, project: string): Failure {
  const { reason } = problem;
  const detail = 'detail' in problem && problem.detail !== undefined ? problem.detail : reason;
  const binding = /roles\/[\w.]+/.exec(detail)?.[0];
  switch (reason) {
    case 'secretNotFound':
      return new Failure(
        detail,
        `run gcloud secrets create ${subject} --data-file=client.json --project=${project} with the JSON of a client of type "Desktop app", or give --client client.json`,
      );
    case 'secretDenied':
      return new Failure(
        `your account ${detail}`,
        detail.includes('in the project')
          ? `run gcloud projects add-iam-policy-binding ${project} --member=user:YOU --role=${String(binding)}`
          : `run gcloud secrets add-iam-policy-binding ${subject} --project=${project} --member=user:YOU --role=${String(binding)}`,
      );
    case 'secretManagerOff':
      return new Failure(
        detail,
        `run gcloud services enable secretmanager.googleapis.com --project=${project}`,
      );
    case 'ambientCredentialsUnavailable':
      return new Failure('there are no credentials that work', 'run gcloud auth application-default login');
    default:
      return new Failure(detail, 'try again');
  }
}
