import type { Ambient } from '../../../functions/calendar/auth/adc.ts';
import { CredentialsError } from '../../../functions/calendar/errors.ts';
import { grantCommand, impersonate } from '../trial/impersonate.ts';
import { unknown, well, type Finding } from './finding.ts';

/** Checks whether the caller may run `calendar-mirror trial`, which acts as the account of sync. No deployment needs that. */
export async function examineTrial(
  iamCredentialsRootUrl: string,
  account: string | undefined,
  project: string,
  ambient: Ambient,
): Promise<readonly Finding[]> {
  if (account === undefined) return [];
  try {
    await impersonate(iamCredentialsRootUrl, account, ambient);
    return [well('trial', `calendar-mirror trial can act as ${account}`)];
  } catch (error) {
    if (!(error instanceof CredentialsError)) throw error;
    const { problem } = error;
    const detail = 'detail' in problem ? problem.detail : undefined;
    const fix = problem.reason === 'impersonationDenied' ? grantCommand(account, project) : 'try again';
    return [unknown('trial', `calendar-mirror trial cannot act as sync: ${detail ?? problem.reason}`, fix)];
  }
}
