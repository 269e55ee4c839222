import { whereabouts, type Deployed } from './deployment.ts';
import { unknown, well, wrong, type Finding } from './finding.ts';

/** Whether Google would reach `receive`: public, by HTTPS with a certificate that is valid, and the function itself. */

const WHAT = 'receive’s address';
const TIMEOUT_MS = 20_000;

/** What came back: a status each, or why nothing did. */
export type Answers =
  | { readonly ok: true; readonly toGet: number; readonly toForged: number }
  | { readonly ok: false; readonly code: string };

/** Judges how an address answers to a GET, and to a notification without a token. Pure. */
export function judgeAnswers(address: string, answers: Answers, receive: Deployed | undefined): Finding {
  if (!answers.ok) {
    const certificate = /CERT|SIGNATURE|SELF_SIGNED|ALTNAME/.test(answers.code);
    return certificate
      ? wrong(
          WHAT,
          `${address} has no valid certificate (${answers.code})`,
          'renew the certificate: Google calls no address without one',
        )
      : wrong(
          WHAT,
          `${address} cannot be reached (${answers.code})`,
          'check CHANNEL_ADDRESS, DNS and ingress settings',
        );
  }
  const { toGet, toForged } = answers;
  // 405 to all but POST, 403 to a notification without a token: that is receive, and nothing in front of it.
  if (toGet === 405 && toForged === 403) return well(WHAT, address);
  if (toGet === 403 || toGet === 401) {
    const named = receive === undefined ? undefined : whereabouts(receive);
    const mend = `gcloud functions add-invoker-policy-binding ${named?.name ?? 'receive'} --region=${named?.region ?? '$REGION'} --member=allUsers`;
    return wrong(WHAT, `${address} is not open to everybody`, mend);
  }
  const says = `${address} is not receive: it answers ${String(toGet)} to GET and ${String(toForged)} to a notification without a token`;
  return wrong(WHAT, says, 'set CHANNEL_ADDRESS of renew to the URL of receive');
}

/** What a notification has at least ("Push notifications: Understanding the notification message format"), but for its token. */
const FORGED = {
  'x-goog-channel-id': 'doctor',
  'x-goog-message-number': '1',
  'x-goog-resource-id': 'doctor',
  'x-goog-resource-state': 'exists',
  'x-goog-resource-uri': 'https://www.googleapis.com/calendar/v3/users/me/settings',
};

async function answersOf(address: string): Promise<Answers> {
  const status = async (method: string, headers: Readonly<Record<string, string>>): Promise<number> => {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const response = await fetch(address, { method, headers, redirect: 'manual', signal });
    await response.body?.cancel();
    return response.status;
  };
  try {
    return { ok: true, toGet: await status('GET', {}), toForged: await status('POST', FORGED) };
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'TIMEOUT';
    return { ok: false, code };
  }
}

/** @param address the one that channels are opened with; undefined where it is not known. */
export async function examineReceiver(
  address: string | undefined,
  receive: Deployed | undefined,
  isEmulated: boolean,
): Promise<readonly Finding[]> {
  if (address === undefined) {
    return [unknown(WHAT, 'not known', 'set CHANNEL_ADDRESS here to what renew has')];
  }
  if (!isEmulated && !address.startsWith('https:')) {
    return [
      wrong(
        WHAT,
        `${address} is not HTTPS`,
        'set CHANNEL_ADDRESS of renew to an https URL: Google calls no other',
      ),
    ];
  }
  return [judgeAnswers(address, await answersOf(address), receive)];
}
