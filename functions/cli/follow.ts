import * as z from 'zod';

import { EVENT_TYPES } from '../calendar/resources.ts';
import { FOLLOW_ROLES, FOLLOWED_RESOURCES, UNLISTED, type FollowSpec } from '../mirror/follow.ts';
import type { Spec } from '../mirror/wishes.ts';
import { WrongUse } from './failure.ts';

/** `calendar-mirror watch --follow`: what the options say of following a list. */

const Options = z.object({
  follow: z.union([z.literal(true), z.enum(FOLLOW_ROLES)]),
  resource: z.array(z.enum(FOLLOWED_RESOURCES)).optional(),
  calendar: z.undefined().optional(),
  eventTypes: z.array(z.enum(EVENT_TYPES)).optional(),
  singleEvents: z.boolean().optional(),
  unlisted: z.enum(UNLISTED).optional(),
});

const WORDS: Readonly<Record<string, readonly [string, string]>> = {
  resource: ['--follow goes with --resource events, acl or both', 'leave the others out'],
  calendar: ['--follow goes with all calendars on the list', 'leave out --calendar'],
};

const Given = z.object({ follow: z.unknown(), unlisted: z.unknown() }).partial();

/** The wish for a list that is followed; undefined where none is to be. @throws {WrongUse} for what does not go with it. */
export function followSpec(user: string, given: unknown): Spec | undefined {
  const { follow, unlisted } = Given.parse(given);
  if (follow === undefined) {
    if (unlisted !== undefined) throw new WrongUse('--unlisted goes with --follow only', 'leave it out');
    return undefined;
  }
  const parsed = Options.safeParse(given);
  if (!parsed.success) {
    const [problem, next] = WORDS[String(parsed.error.issues[0]?.path[0])] ?? [
      parsed.error.message,
      'see --help',
    ];
    throw new WrongUse(problem, next);
  }
  const { resource, eventTypes, singleEvents } = parsed.data;
  const wished: FollowSpec = {
    role: parsed.data.follow === true ? 'reader' : parsed.data.follow,
    ...(resource === undefined ? {} : { resources: [...new Set(resource)] }),
    ...(eventTypes === undefined ? {} : { eventTypes }),
    ...(singleEvents === undefined ? {} : { singleEvents }),
    ...(parsed.data.unlisted === undefined ? {} : { unlisted: parsed.data.unlisted }),
  };
  return { user, resource: 'calendarList', follow: wished };
}
