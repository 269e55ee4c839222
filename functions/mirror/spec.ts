import * as z from 'zod';

import {
  EVENT_TYPES,
  isInCalendar,
  RESOURCES,
  type ListParameters,
  type Target,
} from '../calendar/resources.ts';
import { AUTH_MODES, type AuthMode } from '../config.ts';
import { followSchema, readFollow, type Follow } from './follow.ts';
import { collectionPath, fitsPath } from './ids.ts';

/** `watches/{watchId}.spec`: the wish, written by people and the command line, only ever read by the functions. */

const schema = z
  .strictObject({
    user: z
      .string()
      .min(1)
      .max(320)
      .refine(
        (user) => user === 'me' || /^[^\s@]+@[^\s@]+$/.test(user),
        'is neither an email address nor "me"',
      ),
    resource: z.enum(RESOURCES),
    calendarId: z.string().min(1).max(1024).optional(),
    eventTypes: z.array(z.enum(EVENT_TYPES)).optional(),
    singleEvents: z.boolean().optional(),
    auth: z.enum(AUTH_MODES).optional(),
    follow: followSchema.optional(),
    removed: z.enum(['keep', 'purge']).optional(),
  })
  .superRefine((spec, context) => {
    const problem = (path: string, message: string): void =>
      context.addIssue({ code: 'custom', path: [path], message });
    if (isInCalendar(spec.resource)) {
      if (spec.calendarId === undefined) problem('calendarId', `is needed to watch ${spec.resource}`);
      if (spec.calendarId === 'primary' && spec.user === 'me') {
        problem('calendarId', 'cannot be "primary" for the user "me": give the calendar\'s id');
      }
    } else if (spec.calendarId !== undefined) {
      problem('calendarId', `does not go with ${spec.resource}`);
    }
    if (spec.resource !== 'events') {
      if (spec.eventTypes !== undefined) problem('eventTypes', 'goes with events only');
      if (spec.singleEvents !== undefined) problem('singleEvents', 'goes with events only');
    }
    if (spec.follow !== undefined && spec.resource !== 'calendarList') {
      problem('follow', 'goes with calendarList only');
    }
  });

/** A wish that can be fulfilled, in the form that the rest of the program works with. */
export interface Wish {
  /** Whose view of what; the calendar by its canonical id. */
  readonly target: Target;
  readonly parameters: ListParameters;
  /** Undefined means as configured. */
  readonly auth: AuthMode | undefined;
  readonly removed: 'keep' | 'purge' | undefined;
  /** What is to be watched of the calendars on this list; no channel and no sync token depends on it. */
  readonly follow: Follow | undefined;
  /** The mirrored collection; also what makes two wishes the same. */
  readonly collection: string;
  /** Changes when something that channels and sync tokens depend on changes: they are bound to it. */
  readonly parametersKey: string;
}

export type ParsedSpec =
  | { readonly ok: true; readonly wish: Wish }
  | { readonly ok: false; readonly problem: string };

/** Reads a spec; `problem` names what is wrong with it. */
export function parseSpec(value: unknown): ParsedSpec {
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `spec.${issue.path.join('.')}: ${issue.message}`);
    return { ok: false, problem: problems.join('; ').slice(0, 1000) };
  }
  const { user, resource, auth, removed } = parsed.data;
  const calendarId = parsed.data.calendarId === 'primary' ? user : (parsed.data.calendarId ?? null);
  const target = { user, resource, calendarId };
  const collection = collectionPath(target);
  // A calendar is a document in the path of its items: its id has the length that any id has.
  if (calendarId !== null && !fitsPath('users', calendarId)) {
    return { ok: false, problem: 'spec.calendarId: is too long for Firestore' };
  }
  const parameters = {
    singleEvents: parsed.data.singleEvents ?? false,
    eventTypes: [...new Set(parsed.data.eventTypes)].toSorted(),
  };
  const parametersKey = JSON.stringify({ ...parameters, auth });
  const follow = parsed.data.follow && readFollow(parsed.data.follow);
  return { ok: true, wish: { target, parameters, auth, removed, follow, collection, parametersKey } };
}
