import type { Answer } from '../../calendar/errors.ts';
import { createCalendar } from '../../calendar/index.ts';
import { isInCalendar, RESOURCES, type Resource } from '../../calendar/resources.ts';
import type { AuthMode, CommandConfig } from '../../config.ts';
import type { Deployed } from './deployment.ts';
import { unknown, well, wrong, type Finding } from './finding.ts';

/** Whether a user's calendar data can be read, in the way the functions would. */

const PLAIN = { singleEvents: false, eventTypes: [] };

const mendOf: Readonly<Record<AuthMode, (user: string) => string>> = {
  'service-account': () => 'share the calendar with the account of sync',
  delegation: () => 'grant the scopes in the Admin console, Security › API controls (README.md, Credentials)',
  oauth: (user) => `calendar-mirror login ${user}`,
  emulator: () => 'add the user to the seed of npm start',
};

/** Judges what came of listing one resource. Pure. */
export function judgeAccess(
  user: string,
  resource: Resource,
  mode: AuthMode,
  answer: Answer<unknown>,
): Finding {
  const what = `${resource} of ${user}`;
  if (answer.ok) return well(what, `can be read (${mode})`);
  const { problem } = answer;
  const detail = 'detail' in problem && problem.detail !== undefined ? `: ${problem.detail}` : '';
  const says = `${problem.reason}${detail}`;
  return problem.kind === 'temporary'
    ? unknown(what, says, 'try again')
    : wrong(what, says, mendOf[mode](user));
}

/** @param sync the function as deployed, whose settings count where none are given here. */
export async function examineAccess(
  config: CommandConfig,
  user: string,
  given: AuthMode | undefined,
  sync: Deployed | undefined,
): Promise<readonly Finding[]> {
  const deployed = sync?.serviceConfig;
  const variables = deployed?.environmentVariables ?? {};
  const mode = given ?? config.CALENDAR_AUTH ?? modeOf(variables['CALENDAR_AUTH']);
  if (mode === 'service-account') {
    // A person's login is not the account of sync, and must not be taken for it.
    return [
      unknown(`calendars of ${user}`, 'read by the account of sync itself: watch one, and see its status'),
    ];
  }
  const serviceAccount =
    config.DELEGATION_SERVICE_ACCOUNT ??
    variables['DELEGATION_SERVICE_ACCOUNT'] ??
    deployed?.serviceAccountEmail;
  const client = createCalendar({ ...config, DELEGATION_SERVICE_ACCOUNT: serviceAccount });
  return Promise.all(
    RESOURCES.map(async (resource) => {
      const target = { user, resource, calendarId: isInCalendar(resource) ? user : null };
      return judgeAccess(user, resource, mode, await client.list(mode, target, PLAIN, {}));
    }),
  );
}

const modeOf = (text: string | undefined): AuthMode =>
  text === 'delegation' || text === 'oauth' ? text : 'service-account';
