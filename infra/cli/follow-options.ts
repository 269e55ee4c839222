import * as z from 'zod';

import type { AuthMode } from '../../functions/calendar/auth/modes.ts';
import { EVENT_TYPES } from '../../functions/calendar/resources.ts';
import type { ClockInput } from '../../functions/watches/clock.ts';
import { FOLLOW_ROLES, FOLLOWED_RESOURCES, UNLISTED, type FollowSpec } from '../../functions/watches/spec.ts';
import type { SpecInput } from '../../functions/watches/watch-admin.ts';
import { UsageError } from './failure.ts';

/** The options of `calendar-mirror watch --follow`. */

/**
 * Returns a warning about a watch of a calendar list that will be empty: that of a service account, to which sharing adds nothing.
 * @param deployed `CALENDAR_AUTH`; undefined if the command does not know that of the functions.
 */
export function emptyListHint(
  specs: readonly SpecInput[],
  deployed: AuthMode | undefined,
): string | undefined {
  const own = specs.filter(({ resource }) => resource === 'calendarList');
  const modes = new Set(own.map(({ auth }) => auth ?? deployed));
  if (modes.has('service-account')) return `The calendar list ${EMPTY}`;
  return modes.has(undefined)
    ? `If the functions use their service account (CALENDAR_AUTH=service-account), the calendar list ${EMPTY}`
    : undefined;
}

const EMPTY =
  'is empty: sharing a calendar with a service account does not add it. Name the calendars with --calendar, or use delegation or oauth.';

const Options = z.object({
  follow: z.union([z.literal(true), z.enum(FOLLOW_ROLES)]),
  resource: z.array(z.enum(FOLLOWED_RESOURCES)).optional(),
  calendar: z.undefined().optional(),
  eventTypes: z.array(z.enum(EVENT_TYPES)).optional(),
  singleEvents: z.boolean().optional(),
  unlisted: z.enum(UNLISTED).optional(),
});

const PROBLEMS: Readonly<Record<string, readonly [string, string]>> = {
  resource: ['--follow is only valid with --resource events, acl or both', 'leave the others out'],
  calendar: ['--follow cannot be combined with --calendar', 'leave out --calendar'],
};

const Given = z.object({ follow: z.unknown(), unlisted: z.unknown() }).partial();

/**
 * Returns the spec of a calendar list to follow, undefined without --follow.
 * @param clock that of the followed watches of events.
 * @throws {UsageError}
 */
export function followSpec(
  user: string,
  given: unknown,
  clock: ClockInput | undefined,
): SpecInput | undefined {
  const { follow, unlisted } = Given.parse(given);
  if (follow === undefined) {
    if (unlisted !== undefined)
      throw new UsageError('--unlisted is only valid with --follow', 'leave it out');
    return undefined;
  }
  const parsed = Options.safeParse(given);
  if (!parsed.success) {
    const [problem, next] = PROBLEMS[String(parsed.error.issues[0]?.path[0])] ?? [
      parsed.error.message,
      'see calendar-mirror watch --help',
    ];
    throw new UsageError(problem, next);
  }
  const { resource, eventTypes, singleEvents } = parsed.data;
  const follows: FollowSpec = {
    role: parsed.data.follow === true ? 'reader' : parsed.data.follow,
    ...(resource === undefined ? {} : { resources: [...new Set(resource)] }),
    ...(eventTypes === undefined ? {} : { eventTypes }),
    ...(singleEvents === undefined ? {} : { singleEvents }),
    ...(clock === undefined ? {} : { clock }),
    ...(parsed.data.unlisted === undefined ? {} : { unlisted: parsed.data.unlisted }),
  };
  return { user, resource: 'calendarList', follow: follows };
}
