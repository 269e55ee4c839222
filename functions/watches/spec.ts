import * as z from 'zod';

import { AUTH_MODES, type AuthMode } from '../calendar/auth/modes.ts';
import {
  EVENT_TYPES,
  isInCalendar,
  RESOURCES,
  type ListParameters,
  type Target,
} from '../calendar/resources.ts';
import { collectionPath, isStorableId } from '../firestore/paths.ts';
import { clockInputSchema, clockSchema, type Clock } from './clock.ts';

/** `watches/{watchId}.spec.follow`: which calendars on a mirrored calendar list to watch. */

/** Selectable roles, the weakest first. */
export const FOLLOW_ROLES = ['reader', 'writer', 'owner'] as const;

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
    clock: clockInputSchema.optional(),
    unlisted: z.enum(UNLISTED).optional(),
  })
  .superRefine(({ resources, eventTypes, singleEvents, clock }, context) => {
    if (resources === undefined || resources.includes('events')) return;
    for (const [name, value] of Object.entries({ eventTypes, singleEvents, clock })) {
      if (value !== undefined) {
        context.addIssue({ code: 'custom', path: [name], message: 'is only valid with events' });
      }
    }
  });

export type FollowSpec = Readonly<z.infer<typeof followSchema>>;

export type Follow = ReturnType<typeof readFollow>;

/** Returns a `spec.follow` with its defaults, so that equal requests compare equal. */
function readFollow({ role, resources, eventTypes, singleEvents, clock, unlisted }: FollowSpec) {
  const types = [...new Set(eventTypes)].toSorted();
  return {
    role,
    resources: FOLLOWED_RESOURCES.filter((each) => (resources ?? ['events']).includes(each)),
    /** Copied to the spec of each followed events watch. */
    ofEvents: {
      ...(types.length > 0 ? { eventTypes: types } : {}),
      ...(singleEvents === true ? { singleEvents } : {}),
      ...(clock === undefined ? {} : { clock }),
    },
    unlisted: unlisted ?? 'keep',
  };
}

/** `watches/{watchId}.spec`: written by people and the command line, only read by the functions. */

const schema = z
  .strictObject({
    user: z
      .string()
      .min(1)
      .max(320)
      .refine((user) => user === 'me' || /^[^\s@]+@[^\s@]+$/.test(user), 'must be an email address or "me"'),
    resource: z.enum(RESOURCES),
    calendarId: z.string().min(1).max(1024).optional(),
    eventTypes: z.array(z.enum(EVENT_TYPES)).optional(),
    singleEvents: z.boolean().optional(),
    auth: z.enum(AUTH_MODES).optional(),
    follow: followSchema.optional(),
    clock: clockSchema.optional(),
    removed: z.enum(['keep', 'purge']).optional(),
  })
  .superRefine((spec, context) => {
    const problem = (path: string, message: string): void =>
      context.addIssue({ code: 'custom', path: [path], message });
    if (isInCalendar(spec.resource)) {
      if (spec.calendarId === undefined) problem('calendarId', `is required to watch ${spec.resource}`);
      if (spec.calendarId === 'primary' && spec.user === 'me') {
        problem('calendarId', 'cannot be "primary" for the user "me": give the calendar\'s id');
      }
    } else if (spec.calendarId !== undefined) {
      problem('calendarId', `is not valid with ${spec.resource}`);
    }
    if (spec.resource !== 'events') {
      if (spec.eventTypes !== undefined) problem('eventTypes', 'is only valid with events');
      if (spec.singleEvents !== undefined) problem('singleEvents', 'is only valid with events');
      if (spec.clock !== undefined) problem('clock', 'is only valid with events');
    }
    if (spec.follow !== undefined && spec.resource !== 'calendarList') {
      problem('follow', 'is only valid with calendarList');
    }
  });

/** A valid spec, normalized. */
export interface WatchSpec {
  /** The user and collection to mirror; the calendar by its canonical id. */
  readonly target: Target;
  readonly parameters: ListParameters;
  /** Undefined: the configured mode. */
  readonly auth: AuthMode | undefined;
  readonly removed: 'keep' | 'purge' | undefined;
  /** Which calendars on this list to watch. Neither channels nor sync tokens depend on it. */
  readonly follow: Follow | undefined;
  /** Which moments of the events to publish. Neither channels nor sync tokens depend on it. */
  readonly clock: Clock | undefined;
  /** The path of the mirrored collection. */
  readonly collection: string;
  /** Identifies the list parameters that channels and sync tokens are bound to. */
  readonly parametersKey: string;
}

/** What an invalid spec names all the same, so that messages about its watch can say it. */
const namedSchema = z
  .object({
    user: z.string().nullable().catch(null),
    resource: z.enum(RESOURCES).nullable().catch(null),
    calendarId: z.string().nullable().catch(null),
  })
  .catch({ user: null, resource: null, calendarId: null });

export type ParsedSpec =
  | { readonly ok: true; readonly value: WatchSpec }
  | { readonly ok: false; readonly problem: string; readonly named: z.infer<typeof namedSchema> };

/** Parses a spec; `problem` names each invalid field. */
export function parseSpec(value: unknown): ParsedSpec {
  const parsed = schema.safeParse(value);
  const named = namedSchema.parse(value);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `spec.${issue.path.join('.')}: ${issue.message}`);
    return { ok: false, problem: problems.join('; ').slice(0, 1000), named };
  }
  const { user, resource, auth, removed, clock } = parsed.data;
  const calendarId = parsed.data.calendarId === 'primary' ? user : (parsed.data.calendarId ?? null);
  const target = { user, resource, calendarId };
  const collection = collectionPath(target);
  // The calendar is a document in the path of its items.
  if (calendarId !== null && !isStorableId('users', calendarId)) {
    return { ok: false, problem: 'spec.calendarId: is too long for Firestore', named };
  }
  const parameters = {
    singleEvents: parsed.data.singleEvents ?? false,
    eventTypes: [...new Set(parsed.data.eventTypes)].toSorted(),
  };
  const parametersKey = JSON.stringify({ ...parameters, auth });
  const follow = parsed.data.follow && readFollow(parsed.data.follow);
  return { ok: true, value: { target, parameters, auth, removed, follow, clock, collection, parametersKey } };
}

/** Returns whether specs of one target ask for the same: the same list, with the same moments. */
export const isSameRequest = (one: WatchSpec, other: WatchSpec): boolean =>
  one.parametersKey === other.parametersKey && one.clock?.key === other.clock?.key;
