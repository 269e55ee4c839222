import * as z from 'zod';

import { requestAs, type Ambient } from '../../../functions/calendar/auth/adc.ts';
import type { AccessToken } from '../../../functions/calendar/auth/credentials.ts';
import { accessDenied, joinUrl, rejection } from '../../../functions/calendar/auth/request.ts';

/** https://developers.google.com/workspace/calendar/api/auth */
export const CALENDAR_SCOPE = 'https://www.googleapis.com/auth/calendar';

const tokenResponse = z.object({
  accessToken: z.string().min(1),
  expireTime: z.iso.datetime({ offset: true }),
});

/** Returns the command that lets a person act as a service account. */
export const grantCommand = (email: string, project: string): string =>
  `gcloud iam service-accounts add-iam-policy-binding ${email} --project=${project} ` +
  '--role=roles/iam.serviceAccountTokenCreator --member=user:YOU';

/**
 * Returns an access token of a service account, issued to the caller's own login.
 * @see https://cloud.google.com/iam/docs/reference/credentials/rest/v1/projects.serviceAccounts/generateAccessToken
 * @throws {CredentialsError}
 */
export async function impersonate(rootUrl: string, email: string, ambient: Ambient): Promise<AccessToken> {
  const path = `v1/projects/-/serviceAccounts/${encodeURIComponent(email)}:generateAccessToken`;
  const answer = await requestAs(ambient, 'iamCredentials', joinUrl(rootUrl, path), {
    scope: [CALENDAR_SCOPE],
  });
  const token = tokenResponse.safeParse(answer.body);
  if (answer.status === 200 && token.success)
    return { token: token.data.accessToken, expiresAt: Date.parse(token.data.expireTime) };
  if (JSON.stringify(answer.body ?? '').includes('SERVICE_DISABLED'))
    throw accessDenied('iamCredentialsDisabled', 'the API iamcredentials.googleapis.com is not enabled');
  throw rejection('iamCredentials', answer.status, {
    403: [
      'impersonationDenied',
      `needs roles/iam.serviceAccountTokenCreator on the service account ${email}`,
    ],
    404: ['serviceAccountNotFound', `service account ${email} does not exist`],
  });
}
