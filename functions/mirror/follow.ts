import * as z from 'zod';

import { EVENT_TYPES } from '../calendar/resources.ts';

/** `watches/{watchId}.spec.follow`: what is to be watched of the calendars on a mirrored calendar list. */

/** Roles that can be asked for, the least first. */
export const FOLLOW_ROLES = ['reader', 'writer', 'owner'] as const;
type FollowRole = (typeof FOLLOW_ROLES)[number];

/** What can be watched of a calendar. */
export const FOLLOWED_RESOURCES = ['events', 'acl'] as const;
export type FollowedResource = (typeof FOLLOWED_RESOURCES)[number];

/** What becomes of the items of a calendar that is no longer followed. */
export const UNLISTED = ['keep', 'purge'] as const;

export const followSchema = z
  .strictObject({
    /** Calendars on which the user has this role at least. */
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
        context.addIssue({ code: 'custom', path: [name], message: 'goes with events only' });
      }
    }
  });

export type FollowSpec = Readonly<z.infer<typeof followSchema>>;

export interface Follow {
  readonly role: FollowRole;
  readonly resources: readonly FollowedResource[];
  /** As they stand in the spec of each followed watch of events. */
  readonly ofEvents: { readonly eventTypes?: readonly string[]; readonly singleEvents?: boolean };
  readonly unlisted: (typeof UNLISTED)[number];
}

/** A `spec.follow` with what is left out filled in, so that two which mean the same are the same. */
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
