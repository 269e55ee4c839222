import type { Answer, Problem } from '../../../functions/calendar/errors.ts';
import { createCalendar } from '../../../functions/calendar/index.ts';
import { adviceFor, adviceOn } from '../../../functions/calendar/reasons.ts';
import { isInCalendar, RESOURCES, type Resource } from '../../../functions/calendar/resources.ts';
import type { AuthMode } from '../../../functions/calendar/auth/modes.ts';
import type { Session } from '../session.ts';
import { tokenStoreOf } from '../tokens/choice.ts';
import { unknown, well, wrong, type Finding } from './finding.ts';
import type { Deployed } from './functions.ts';

/** Checks that a user's calendar data can be read with the credentials that the functions use. */

const PLAIN = { singleEvents: false, eventTypes: [] };

const fixOf: Readonly<Record<AuthMode, (user: string) => string>> = {
  'service-account': () => 'share the calendar with the service account of sync',
  delegation: () =>
    'grant the scopes in the Admin console, Security › API controls (infra/terraform/README.md, Credentials)',
  oauth: (user) => `calendar-mirror login ${user}`,
  emulator: () => 'add the user to the seed of npm start',
};

/** Google's reasons that are about the access token and its scopes. */
const CREDENTIALS_REASONS = new Set([
  'authError',
  'required',
  'insufficientPermissions',
  'invalid_grant',
  'invalid_scope',
  'unauthorized_client',
  'invalid_client',
]);

/** Without a reason that is known, access is denied for lack of credentials. */
const isAboutCredentials = ({ kind, reason }: Problem): boolean =>
  CREDENTIALS_REASONS.has(reason) || (kind === 'accessDenied' && adviceOn(reason) === undefined);

/** Judges the result of listing one resource. Pure. */
export function judgeAccess(
  user: string,
  resource: Resource,
  mode: AuthMode,
  answer: Answer<unknown>,
): Finding {
  const what = `${resource} of ${user}`;
  if (answer.ok) return well(what, `can be read (${mode})`);
  const { problem } = answer;
  const detail = 'detail' in problem ? problem.detail : undefined;
  const { means, action, page } = adviceFor(problem);
  const says = `${problem.reason}: ${detail ?? means}`;
  if (problem.kind === 'temporary') return unknown(what, says, 'try again');
  // Only the fix for bad credentials depends on the auth mode.
  return wrong(what, says, isAboutCredentials(problem) ? fixOf[mode](user) : `${action}; see ${page}`);
}

/**
 * Checks access to each resource of a user.
 * @param sync the deployed function; supplies the settings that are not given here.
 */
export async function examineAccess(
  { config, firestore }: Pick<Session, 'config' | 'firestore'>,
  user: string,
  given: AuthMode | undefined,
  sync: Deployed | undefined,
): Promise<readonly Finding[]> {
  const deployed = sync?.serviceConfig;
  const variables = deployed?.environmentVariables ?? {};
  const mode = given ?? config.CALENDAR_AUTH ?? authOf(sync);
  if (mode === 'service-account') {
    // The caller's own login says nothing about what the service account of sync can read.
    return [
      unknown(
        `calendars of ${user}`,
        'only the service account of sync can read them: add a watch and check its status, or run calendar-mirror trial. Its calendar list is empty: sharing does not add a calendar',
      ),
    ];
  }
  const serviceAccount =
    config.DELEGATION_SERVICE_ACCOUNT ??
    variables['DELEGATION_SERVICE_ACCOUNT'] ??
    (deployed?.serviceAccountEmail || undefined);
  const client = createCalendar(
    { ...config, ...tokenStoreOf(config, sync), DELEGATION_SERVICE_ACCOUNT: serviceAccount },
    firestore,
  );
  return Promise.all(
    RESOURCES.map(async (resource) => {
      const target = { user, resource, calendarId: isInCalendar(resource) ? user : null };
      return judgeAccess(user, resource, mode, await client.list(mode, target, PLAIN, {}));
    }),
  );
}

/** Returns the default auth mode of a deployed function; a watch may override it. */
export function authOf(sync: Deployed | undefined): AuthMode {
  const text = sync?.serviceConfig.environmentVariables['CALENDAR_AUTH'];
  return text === 'delegation' || text === 'oauth' ? text : 'service-account';
}
