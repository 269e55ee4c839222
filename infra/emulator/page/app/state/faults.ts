/** Faults in words, and those that are one click away. */
import type { FaultRule } from '../../../faults/fault-rules.ts';

/** Narrows a fault to an account or a calendar. Empty matches all. */
export interface FaultTarget {
  readonly user: string;
  readonly calendarId: string;
  /** How often the rule acts; 0 for until it is removed. */
  readonly times: number;
}

/** A fault that the page offers. */
export interface Preset {
  readonly title: string;
  readonly detail: string;
  readonly rule: (target: FaultTarget) => FaultRule;
}

const LISTS = 'calendar.*.list';

/** Returns what a target narrows a rule or an action to. */
const narrowed = ({ user, calendarId }: FaultTarget) => ({
  ...(user && { user }),
  ...(calendarId && { calendarId }),
});

const limitOf = ({ times }: FaultTarget) => ({ ...(times > 0 && { times }) });

/** Returns a preset of what requests do. */
function request(
  title: string,
  detail: string,
  effect: (FaultRule & { on: 'request' })['effect'],
  method?: string,
): Preset {
  return {
    title,
    detail,
    rule: (target) => ({
      on: 'request',
      match: { ...(method && { method }), ...narrowed(target) },
      ...limitOf(target),
      effect,
    }),
  };
}

/** Returns a preset of what happens to notifications. */
function notification(
  title: string,
  detail: string,
  effect: (FaultRule & { on: 'notification' })['effect'],
): Preset {
  return {
    title,
    detail,
    rule: (target) => ({ on: 'notification', match: narrowed(target), ...limitOf(target), effect }),
  };
}

export const requestPresets: readonly Preset[] = [
  request(
    'List answers 410',
    'fullSyncRequired: the sync token is too old',
    {
      do: 'fail',
      status: 410,
      reason: 'fullSyncRequired',
    },
    LISTS,
  ),
  request(
    'List answers 403',
    'rateLimitExceeded: slow down and try again',
    {
      do: 'fail',
      status: 403,
      reason: 'rateLimitExceeded',
    },
    LISTS,
  ),
  request(
    'List answers 429',
    'With Retry-After: 5 seconds',
    { do: 'fail', status: 429, retryAfterSeconds: 5 },
    LISTS,
  ),
  request('List answers 500', 'backendError', { do: 'fail', status: 500, reason: 'backendError' }, LISTS),
  request(
    'Insert answers 503',
    'The event is not created',
    { do: 'fail', status: 503, reason: 'backendError' },
    'calendar.events.insert',
  ),
  request('Hang up before', 'The request has no effect, and no response', { do: 'hangUp', when: 'before' }),
  request('Hang up after', 'The request takes effect; its response is lost', { do: 'hangUp', when: 'after' }),
  request('Answer slowly', 'After 5 seconds', { do: 'delay', ms: 5_000 }),
];

export const notificationPresets: readonly Preset[] = [
  notification('Drop', 'A change that no webhook hears of', { do: 'drop' }),
  notification('Duplicate', 'The same message twice', { do: 'duplicate', copies: 1 }),
  notification('Delay', 'Each one by 5 seconds', { do: 'delay', ms: 5_000 }),
  notification('Reorder', 'The next one overtakes it', { do: 'reorder' }),
];

/** What happens at once, and leaves no rule. */
interface Action {
  readonly title: string;
  readonly detail: string;
  /** Of a control route. */
  readonly path: string;
  readonly body: (target: FaultTarget) => unknown;
}

const grantsOf = ({ user }: FaultTarget) => ({ ...(user && { user }) });
const tokensOf = ({ calendarId }: FaultTarget) =>
  calendarId ? { resource: 'events', calendarId } : undefined;

export const actions: readonly Action[] = [
  {
    title: 'Kill channels',
    detail: 'They look alive and send nothing',
    path: 'kill-channels',
    body: narrowed,
  },
  { title: 'Expire channels', detail: 'Their time is over now', path: 'expire-channels', body: narrowed },
  {
    title: 'Notify without a change',
    detail: 'As Google does now and then',
    path: 'notify',
    body: narrowed,
  },
  {
    title: 'Expire sync tokens',
    detail: 'Incremental lists answer 410: of the calendar, or all',
    path: 'expire-sync-tokens',
    body: tokensOf,
  },
  {
    title: 'Expire access tokens',
    detail: 'Calls answer 401 until the token is refreshed',
    path: 'oauth/expire-tokens',
    body: grantsOf,
  },
  {
    title: 'Revoke consent',
    detail: 'Refreshing a token answers invalid_grant',
    path: 'oauth/revoke',
    body: grantsOf,
  },
];

/** Describes a rule in one line. */
export function describeRule(rule: FaultRule): string {
  const match = Object.entries(rule.match ?? {}).map(([name, value]) => `${name} ${String(value)}`);
  const which = match.length === 0 ? '' : ` where ${match.join(', ')}`;
  return `${rule.on === 'request' ? 'Requests' : 'Notifications'}${which}: ${describeEffect(rule)}`;
}

function describeEffect({ effect }: FaultRule): string {
  switch (effect.do) {
    case 'fail':
      return `fail with ${[effect.status, effect.reason].filter((part) => part !== undefined).join(' ')}`;
    case 'hangUp':
      return `hang up ${effect.when} taking effect`;
    case 'delay':
      return `delay by ${effect.ms} ms`;
    case 'drop':
      return 'drop';
    case 'duplicate':
      return `duplicate, ${effect.copies ?? 1} more`;
    case 'reorder':
      return 'let the next one overtake';
  }
}

/** Describes how often a rule acts: `once`, `3 times`, `with probability 0.1 until removed`. */
export function describeTiming({ times, skip, probability }: FaultRule): string {
  const often = times === undefined ? 'until removed' : times === 1 ? 'once' : `${times} times`;
  return [
    skip === undefined || skip === 0 ? '' : `after ${skip} matches`,
    probability === undefined || probability === 1 ? '' : `with probability ${probability}`,
    often,
  ]
    .filter((part) => part !== '')
    .join(', ');
}
