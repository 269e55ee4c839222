import { unknown, well, wrong, type Finding } from './finding.ts';
import { isBelow, locationOf, type Deployed } from './functions.ts';

/** Checks that Google can reach `receive`: a public HTTPS address with a valid certificate, served by the function itself. */

const WHAT = 'receive’s address';
const TIMEOUT_MS = 20_000;

/** The HTTP status of each probe, or the code of the connection error. */
export type Answers =
  | { readonly ok: true; readonly toGet: number; readonly toForged: number }
  | { readonly ok: false; readonly code: string };

/** Returns the fix for an address that is not public: a command for receive itself, or advice on the proxy in front of it. */
function openingFix(address: string, receive: Deployed | undefined): string {
  if (receive === undefined || !receive.urls.some((url) => isBelow(address, url))) {
    return 'allow POST requests to receive in the proxy at that address (load balancer, Cloud Armor, Identity-Aware Proxy)';
  }
  const { name, region } = locationOf(receive);
  const project = /^projects\/([^/]+)\//.exec(receive.name)?.[1] ?? '$PROJECT';
  const of = `--region=${region} --project=${project}`;
  // https://cloud.google.com/run/docs/authenticating/public
  return `terraform apply, or gcloud functions add-invoker-policy-binding ${name} ${of} --member=allUsers; if the organization forbids allUsers: gcloud run services update ${name} ${of} --no-invoker-iam-check`;
}

/** Judges the responses of an address to a GET and to a notification without a token. Pure. */
export function judgeAnswers(address: string, answers: Answers, receive: Deployed | undefined): Finding {
  if (!answers.ok) {
    const certificate = /CERT|SIGNATURE|SELF_SIGNED|ALTNAME/.test(answers.code);
    return certificate
      ? wrong(
          WHAT,
          `${address} has no valid certificate (${answers.code})`,
          'renew the certificate: Google sends notifications only to addresses with a valid one',
        )
      : wrong(
          WHAT,
          `${address} cannot be reached (${answers.code})`,
          'check CHANNEL_ADDRESS, DNS and ingress settings',
        );
  }
  const { toGet, toForged } = answers;
  // Only receive itself responds with 405 to GET and with 403 to a notification without a token.
  if (toGet === 405 && toForged === 403) return well(WHAT, address);
  if (toGet === 403 || toGet === 401)
    return wrong(WHAT, `${address} is not public`, openingFix(address, receive));
  const says = `${address} is not receive: it responds with ${String(toGet)} to GET and ${String(toForged)} to a notification without a token`;
  return wrong(WHAT, says, 'set CHANNEL_ADDRESS of renew to the URL of receive');
}

/** The headers of a notification without its token. https://developers.google.com/workspace/calendar/api/guides/push#receive-notifications */
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

/**
 * Checks the address of receive.
 * @param address the address that channels are opened with; undefined if unknown.
 */
export async function examineReceiver(
  address: string | undefined,
  receive: Deployed | undefined,
  isEmulated: boolean,
): Promise<readonly Finding[]> {
  if (address === undefined) {
    return [unknown(WHAT, 'unknown', 'set CHANNEL_ADDRESS to the value that renew has')];
  }
  if (!isEmulated && !address.startsWith('https:')) {
    return [
      wrong(
        WHAT,
        `${address} is not HTTPS`,
        'set CHANNEL_ADDRESS of renew to an https URL: Google accepts no other',
      ),
    ];
  }
  return [judgeAnswers(address, await answersOf(address), receive)];
}
