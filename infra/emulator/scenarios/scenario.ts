/** The parts of named scenarios: trouble that clients of Google Calendar meet, made from fault rules and controls. */
import * as z from 'zod';
import { canonicalAddress } from '../protocol/address.ts';
import { checkArgument } from '../protocol/body.ts';
import type { Channels } from '../channels/channels.ts';
import type { Faults } from '../faults/faults.ts';
import type { AdjustableClock } from '../state/clock.ts';
import type { CalendarRecord } from '../state/records.ts';
import type { Store } from '../state/store.ts';

/** What scenarios act on. */
export interface Stage {
  readonly store: Store;
  readonly faults: Faults;
  readonly clock: AdjustableClock;
  readonly channels: Pick<Channels, 'expire' | 'kill'>;
  readonly oauth: {
    revoke(filter: { user?: string }): number;
    expireTokens(filter: { user?: string }): number;
  };
}

/** What a scenario did. */
export interface Played {
  /** One sentence, with numbers. */
  readonly did: string;
  /** Ids of the fault rules that it added, to be removed with `faults.remove`. Empty if it acted at once. */
  readonly rules: readonly string[];
}

export interface Scenario<Parameters extends z.ZodType> {
  /** What happens to clients. */
  readonly description: string;
  readonly parameters: Parameters;
  /** Throws a TypeError if the parameters are invalid. */
  readonly play: (stage: Stage, given: unknown) => Played;
}

/** Returns a scenario, which is played with valid parameters only. */
export const scenario = <Parameters extends z.ZodType>(
  description: string,
  parameters: Parameters,
  play: (stage: Stage, given: z.output<Parameters>) => Played,
): Scenario<Parameters> => ({
  description,
  parameters,
  play: (stage, given) => play(stage, checkArgument(parameters, given)),
});

/** Thrown for an unknown scenario, and for one that cannot be played on what its parameters name. */
export class ScenarioError extends Error {}

/** The parameters of `Target`. */
export const target = {
  user: z.email().optional().describe('only for this user'),
  calendarId: z.string().min(1).optional().describe('only for this calendar; `primary` with `user`'),
};

/** Returns the parameter that says how often a scenario happens. */
export const times = (fallback: number) =>
  z.int().min(1).max(1_000_000).default(fallback).describe('how often it happens');

export interface Target {
  readonly user?: string | undefined;
  readonly calendarId?: string | undefined;
}

/**
 * Returns the target as rules match it, with canonical ids.
 * @throws ScenarioError if the user or the calendar does not exist, because nothing would ever match
 */
export function targetOf(
  { store }: Stage,
  { user, calendarId }: Target,
): { user?: string; calendarId?: string } {
  return {
    ...(user !== undefined && { user: userOf(store, user) }),
    ...(calendarId !== undefined && { calendarId: calendarOf(store, calendarId, user).id }),
  };
}

function userOf(store: Store, user: string): string {
  const email = canonicalAddress(user);
  if (!store.users.has(email)) throw new ScenarioError(`user '${user}' not found: seed it, or sign in first`);
  return email;
}

/**
 * Returns a calendar.
 * @throws ScenarioError if it does not exist
 */
export function calendarOf(store: Store, calendarId: string, user?: string): CalendarRecord {
  const id = calendarId === 'primary' && user !== undefined ? user : calendarId;
  const calendar = store.calendars.get(canonicalAddress(id));
  if (!calendar || calendar.deleted) throw new ScenarioError(`calendar '${calendarId}' not found`);
  return calendar;
}

/** Returns a number and its noun: `1 channel`, `2 channels`. */
export const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;

/** Returns how often something happens, for `did`. */
export const often = (number: number): string => (number === 1 ? 'once' : `${number} times`);
