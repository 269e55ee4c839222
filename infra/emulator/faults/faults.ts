/** Faults on purpose, and reproducible: every probability uses the emulator's seeded random source. */
import { canonicalAddress } from '../protocol/address.ts';
import { checkArgument } from '../protocol/body.ts';
import { faultRule } from './fault-rules.ts';
import type {
  FaultRule,
  NotificationEffect,
  NotificationRule,
  RequestEffect,
  RequestRule,
} from './fault-rules.ts';
import type { Random } from '../state/random.ts';

/** The properties of a request that rules match. */
export interface RequestSubject {
  readonly method: string;
  readonly path: string;
  readonly user?: string | undefined;
  /** The canonical id, or `primary`. */
  readonly calendarId?: string | undefined;
}

/** The properties of a notification that rules match. */
export interface NotificationSubject {
  readonly channelId: string;
  readonly resource: string;
  readonly calendarId?: string | undefined;
  readonly user: string;
  readonly state: string;
}

/** An active rule, with the number of times it has matched and acted. */
export interface ActiveFault {
  readonly id: string;
  readonly rule: FaultRule;
  readonly matched: number;
  readonly acted: number;
}

export type Faults = ReturnType<typeof createFaults>;

/** Returns an empty set of rules. */
export function createFaults(random: Random) {
  const active = new Map<string, { rule: FaultRule; matched: number; acted: number }>();
  let made = 0;

  /** Counts a match and returns whether the rule acts on it. */
  function acts(state: { rule: FaultRule; matched: number; acted: number }): boolean {
    const { skip = 0, times = Infinity, probability = 1 } = state.rule;
    state.matched += 1;
    if (state.matched <= skip || state.acted >= times) return false;
    if (probability < 1 && random() >= probability) return false;
    state.acted += 1;
    return true;
  }

  return {
    /**
     * Adds a rule. Rules act in the order in which they were added.
     * @returns the rule's id, for `remove`
     * @throws TypeError if the rule is invalid
     */
    add(rule: FaultRule): string {
      const parsed = checkArgument(faultRule, rule);
      const id = `fault-${(made += 1)}`;
      active.set(id, { rule: parsed, matched: 0, acted: 0 });
      return id;
    },
    /** Removes a rule. Returns false if no rule has that id. */
    remove: (id: string): boolean => active.delete(id),
    /** Removes all rules. */
    clear: (): void => active.clear(),
    list: (): ActiveFault[] => [...active].map(([id, state]) => ({ id, ...state })),

    /** Returns the effects of every rule that acts on this request, in the order in which the rules were added. */
    onRequest(subject: RequestSubject): RequestEffect[] {
      const effects: RequestEffect[] = [];
      for (const state of active.values()) {
        const { rule } = state;
        if (rule.on === 'request' && matchesRequest(rule.match ?? {}, subject) && acts(state)) {
          effects.push(rule.effect);
        }
      }
      return effects;
    },

    /** Returns the effects of every rule that acts on this notification, in the order in which the rules were added. */
    onNotification(subject: NotificationSubject): NotificationEffect[] {
      const effects: NotificationEffect[] = [];
      for (const state of active.values()) {
        const { rule } = state;
        if (rule.on === 'notification' && matchesNotification(rule.match ?? {}, subject) && acts(state)) {
          effects.push(rule.effect);
        }
      }
      return effects;
    },
  };
}

function matchesRequest(match: NonNullable<RequestRule['match']>, subject: RequestSubject): boolean {
  // A rule without a method and a path applies to the API, and not to sign-in.
  if (match.method === undefined && match.path === undefined && subject.method.startsWith('oauth.'))
    return false;
  const { calendarId } = subject;
  return (
    (match.method === undefined || methodMatches(match.method, subject.method)) &&
    (match.path === undefined || subject.path.includes(match.path)) &&
    sameAddress(match.user, subject.user) &&
    (sameAddress(match.calendarId, calendarId) ||
      (calendarId === 'primary' && sameAddress(match.calendarId, subject.user)))
  );
}

function matchesNotification(
  match: NonNullable<NotificationRule['match']>,
  subject: NotificationSubject,
): boolean {
  return (
    same(match.channelId, subject.channelId) &&
    same(match.resource, subject.resource) &&
    sameAddress(match.calendarId, subject.calendarId) &&
    sameAddress(match.user, subject.user) &&
    same(match.state, subject.state)
  );
}

function same(wanted: string | undefined, actual: string | undefined): boolean {
  return wanted === undefined || wanted === actual;
}

const sameAddress = (wanted: string | undefined, actual: string | undefined): boolean =>
  same(wanted && canonicalAddress(wanted), actual);

/** Returns whether a method id matches a pattern in which `*` matches any characters. */
function methodMatches(pattern: string, method: string): boolean {
  const [start = '', ...rest] = pattern.split('*');
  const end = rest.pop();
  if (end === undefined) return method === pattern;
  if (!method.startsWith(start)) return false;
  let at = start.length;
  for (const part of rest) {
    const found = method.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return method.length - at >= end.length && method.endsWith(end);
}
