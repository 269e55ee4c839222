import * as z from 'zod';

import { EVENT_TYPES } from '../calendar/resources.ts';

/** `watches/{watchId}.spec.follow`: which calendars on a mirrored calendar list to watch. */

/** Selectable roles, the weakest first. */
export const FOLLOW_ROLES = ['reader', 'writer', 'owner'] as const;
type FollowRole = (typeof FOLLOW_ROLES)[number];

/** The resources of a calendar that can be followed. */
export const FOLLOWED_RESOURCES = ['events', 'acl'] as const;
export type FollowedResource = (typeof FOLLOWED_RESOURCES)[number];

/** What happens to the items of a calendar that is not followed any more. */
export const UNLISTED = ['keep', 'purge'] as const;

export const followSchema = z
  .strictObject({
    /** The user's minimum role on a followed calendar. */
    role: z.enum(FOLLOW_ROLES),
    resources: z.array(z.enum(FOLLOWED_RESOURCES)).min(1).optional(),
    eventTypes: z.array(z.enum(EVENT_TYPES)).optional(),
    singleEvents: z.boolean().optional(),
    unlisted: z.enum(UNLISTED).optional(),
  })
  .superRefine(({ resources, eventTypes, singleEvents }, context) => {
    if (resources === undefined || resources.includes('events')) return;
    for (const [name, value] of Object.entries({ eventTypes, singleEvents })) {
      if (value !== undefined) {
        context.addIssue({ code: 'custom', path: [name], message: 'is only valid with events' });
      }
    }
  });

export type FollowSpec = Readonly<z.infer<typeof followSchema>>;

export interface Follow {
  readonly role: FollowRole;
  readonly resources: readonly FollowedResource[];
  /** Copied to the spec of each followed events watch. */
  readonly ofEvents: { readonly eventTypes?: readonly string[]; readonly singleEvents?: boolean };
  readonly unlisted: (typeof UNLISTED)[number];
}

/** Returns a `spec.follow` with its defaults, so that equal requests compare equal. */
export function readFollow({ role, resources, eventTypes, singleEvents, unlisted }: FollowSpec): Follow {
  const types = [...new Set(eventTypes)].toSorted();
  return {
    role,
    resources: FOLLOWED_RESOURCES.filter((each) => (resources ?? ['events']).includes(each)),
    ofEvents: {
      ...(types.length > 0 ? { eventTypes: types } : {}),
      ...(singleEvents === true ? { singleEvents } : {}),
    },
    unlisted: unlisted ?? 'keep',
  };
}
