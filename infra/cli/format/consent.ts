import type { ConsentResult } from '../auth/consent.ts';
import type { CredentialsError } from '../../../functions/calendar/errors.ts';
import { adviceText } from '../../../functions/calendar/advice.ts';
import { adviceOn } from '../../../functions/calendar/reasons.ts';
import { LOGIN } from '../explain.ts';
import { Failure } from '../failure.ts';

/** Failures of consent and secrets, and what to do about them. They contain no tokens. Pure. */

const AGAIN = 'run it again';

/** Returns the failure for an OAuth error. `access_denied` is the user's own decision. */
export function consentDenied(user: string, reason: string): Failure {
  if (reason === 'access_denied') {
    return new Failure(
      `${user} denied access`,
      `${AGAIN} and have ${user} allow access; while the consent screen is in testing, ${user} has to be one of its test users`,
    );
  }
  if (reason === 'invalid_client' || reason === 'unauthorized_client') {
    return new Failure(
      `Google rejected the OAuth client or its secret (${reason})`,
      'store the JSON file of a client of type "Desktop app" in the secret calendar-oauth-client, or give it with --client',
    );
  }
  const known = adviceOn(reason);
  return new Failure(
    `Google denied access (${reason})`,
    known ? `${adviceText(known)}, and ${AGAIN}` : AGAIN,
  );
}

/** Returns the refresh token. @throws {Failure} without consent */
export function refreshTokenOf(user: string, consented: ConsentResult): string {
  switch (consented.is) {
    case 'consented':
      return consented.refreshToken;
    case 'consentDenied':
      throw consentDenied(user, consented.reason);
    case 'unreachable':
      throw new Failure(
        'Google’s token endpoint did not return a valid response',
        `check the network and ${AGAIN}`,
      );
    case 'noRefreshToken':
      throw new Failure(
        'Google returned no refresh token',
        `have ${user} remove the access at https://myaccount.google.com/connections, then ${AGAIN}`,
      );
    case 'tooLittle':
      throw new Failure(
        `${user} did not grant access to ${consented.missing.join(', ')}`,
        `${AGAIN} and have all boxes ticked, or request fewer resources with --resource`,
      );
    case 'otherUser':
      throw new Failure(
        `${consented.email === '' ? 'an unknown account' : consented.email} consented instead of ${user}`,
        `${AGAIN} and choose the account ${user}`,
      );
  }
}

/** Returns the failure for a secret that cannot be read or written. */
export function secretFailure({ problem }: CredentialsError, subject: string, project: string): Failure {
  const { reason } = problem;
  const detail = 'detail' in problem && problem.detail !== undefined ? problem.detail : reason;
  const binding = /roles\/[\w.]+/.exec(detail)?.[0];
  switch (reason) {
    case 'secretNotFound':
      return new Failure(
        detail,
        `run gcloud secrets create ${subject} --data-file=client.json --project=${project}, with the JSON of a client of type "Desktop app", or give --client client.json`,
      );
    case 'secretDenied':
      return new Failure(
        `your account ${detail}`,
        detail.includes('in the project')
          ? `run gcloud projects add-iam-policy-binding ${project} --member=user:YOU --role=${String(binding)}`
          : `run gcloud secrets add-iam-policy-binding ${subject} --project=${project} --member=user:YOU --role=${String(binding)}`,
      );
    case 'kmsDenied': {
      const [, key = ''] = / on (projects\/\S+\/cryptoKeys\/[^\s,]+)/.exec(detail) ?? [];
      return new Failure(
        `your account ${detail}`,
        `run gcloud kms keys add-iam-policy-binding ${key} --member=user:YOU --role=${String(binding)}`,
      );
    }
    case 'kmsKeyNotFound':
      return new Failure(detail, 'set OAUTH_KMS_KEY to the key that encrypted the tokens');
    case 'kmsUnavailable':
      return new Failure('Cloud KMS did not return a valid response', 'try again');
    case 'kmsKeyUnusable':
    case 'tokenMismatch':
    case 'tokenNotFound': {
      const [what = detail, next = 'have the user consent again: calendar-mirror login'] = detail.split(': ');
      return new Failure(what, next);
    }
    case 'secretManagerOff':
      return new Failure(
        detail,
        `run gcloud services enable secretmanager.googleapis.com --project=${project}`,
      );
    case 'ambientCredentialsUnavailable':
      return new Failure('no valid Google Cloud credentials found', LOGIN);
    default:
      return new Failure(detail, 'try again');
  }
}
