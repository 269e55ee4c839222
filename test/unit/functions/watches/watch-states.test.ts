/** What becomes of a watch in each of its states at each event, in one table, which `functions/SPEC.md` shows. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Notification } from '../../../../functions/feed/notification.ts';
import type { Channel } from '../../../../functions/watches/channels.ts';
import { STATES, type State } from '../../../../functions/watches/states.ts';
import type { Watch } from '../../../../functions/watches/watch.ts';
import { plan, planChannel, type Plan } from '../../../../functions/renew/plan.ts';
import { decide, type Decision } from '../../../../functions/sync/decide.ts';
import {
  CHANNEL,
  CLOCK,
  CLOCKED,
  clockStatus,
  intervals,
  MANUAL,
  NOW,
  POLL,
  PUSH,
  RULES,
  sampleWatch,
  SPEC,
  synced,
  TRAVERSAL,
} from '../../../support/sample-watch.ts';

const EVENTS = [
  'push',
  'poll',
  'continue',
  'manual',
  'clock',
  'due',
  'spec edited',
  'removed',
  'deleted',
] as const;
type Event = (typeof EVENTS)[number];

/** Complete by its type: a state or an event that is added does not compile until every cell is filled. */
const TABLE: Readonly<Record<State, Readonly<Record<Event, string>>>> = {
  pending: {
    push: 'incremental sync',
    poll: 'incremental sync',
    continue: 'resumes the traversal',
    manual: 'incremental sync',
    clock: 'publishes moments',
    due: 'opens a channel',
    'spec edited': 'opens a channel; full sync',
    removed: 'becomes removing; deletes its items',
    deleted: 'stops its channel',
  },
  active: {
    push: 'incremental sync',
    poll: 'incremental sync',
    continue: 'resumes the traversal',
    manual: 'incremental sync',
    clock: 'publishes moments',
    due: 'polls',
    'spec edited': 'replaces its channel; full sync',
    removed: 'becomes removing; deletes its items',
    deleted: 'stops its channel',
  },
  polling: {
    push: 'incremental sync',
    poll: 'incremental sync',
    continue: 'resumes the traversal',
    manual: 'incremental sync',
    clock: 'publishes moments',
    due: 'polls',
    'spec edited': 'polls; full sync',
    removed: 'becomes removing; deletes its items',
    deleted: 'stops its channel',
  },
  paused: {
    push: 'incremental sync',
    poll: 'incremental sync',
    continue: 'resumes the traversal',
    manual: 'incremental sync',
    clock: 'skipped (noClock)',
    due: 'polls',
    'spec edited': 'polls; full sync',
    removed: 'becomes removing; deletes its items',
    deleted: 'stops its channel',
  },
  gone: {
    push: 'full sync',
    poll: 'full sync',
    continue: 'resumes the traversal',
    manual: 'full sync',
    clock: 'skipped (noClock)',
    due: 'polls',
    'spec edited': 'polls; full sync',
    removed: 'becomes removing; deletes its items',
    deleted: 'stops its channel',
  },
  removing: {
    push: 'deletes its items',
    poll: 'deletes its items',
    continue: 'deletes its items',
    manual: 'deletes its items',
    clock: 'deletes its items',
    due: 'becomes removing',
    'spec edited': 'claims its collection',
    removed: 'becomes removing; deletes its items',
    deleted: 'stops its channel',
  },
  removed: {
    push: 'skipped (removed)',
    poll: 'skipped (removed)',
    continue: 'skipped (removed)',
    manual: 'skipped (removed)',
    clock: 'skipped (removed)',
    due: 'rests',
    'spec edited': 'claims its collection',
    removed: 'claims its collection',
    deleted: 'stops its channel',
  },
};

/** What is typical of a watch in each state, beside the state. */
const TYPICAL: Readonly<Record<State, Partial<Omit<Watch, 'spec'>> & { readonly spec?: unknown }>> = {
  pending: { channel: undefined },
  active: {},
  polling: {
    channel: undefined,
    reason: 'pushNotSupportedForRequestedResource',
    watchCall: { failures: 1, failedAt: NOW, reason: 'pushNotSupportedForRequestedResource' },
  },
  paused: { reason: 'authError', sync: synced({ failures: 1, failedAt: NOW - 60_000 }) },
  gone: { reason: 'notFound', sync: synced({ token: undefined, failures: 1, failedAt: NOW - 60_000 }) },
  removing: { spec: { ...SPEC, removed: 'purge' } },
  removed: {
    spec: { ...SPEC, removed: 'keep' },
    reason: 'kept',
    channel: undefined,
    collection: undefined,
  },
};
const inState = (state: State, given: object = {}): Watch =>
  sampleWatch({ state, ...TYPICAL[state], ...given });

function decisionWords(decision: Decision): string {
  switch (decision.do) {
    case 'pause':
      return `becomes paused (${decision.reason})`;
    case 'drop':
      return `skipped (${decision.why})`;
    case 'requestReconcile':
      return 'waits for renew';
    case 'claim':
      return 'claims its collection';
    case 'release':
      return 'becomes removed';
    case 'purge':
      return 'deletes its items';
    case 'clock':
      return 'publishes moments';
    case 'wait':
      return 'waits for its turn';
    case 'sync':
      return 'resume' in decision ? 'resumes the traversal' : `${decision.start} sync`;
  }
}

function planWords(todo: Plan): string {
  switch (todo.do) {
    case 'rest':
      return todo.to === undefined ? 'rests' : `becomes ${todo.to.state}`;
    case 'claim':
      return 'claims its collection';
    case 'remove':
      return 'becomes removing';
    case 'open':
      return todo.replaces === undefined ? 'opens a channel' : 'replaces its channel';
    case 'poll':
      return todo.to === undefined ? 'polls' : `polls, becomes ${todo.to.state}`;
  }
}

const notified = (notification: Notification, watch: Watch): string =>
  decisionWords(decide(notification, NOW, watch, intervals(0)));
const due = (watch: Watch): string => planWords(plan(watch, NOW, RULES, 0.5));
/** What renew does first, and then sync; a claim settles what comes next by the state that it leaves. */
function dueThenSync(watch: Watch): string {
  const first = due(watch);
  if (first === 'claims its collection') return first;
  const after = first === 'becomes removing' ? { ...watch, state: 'removing' as const } : watch;
  return `${first}; ${notified(POLL, after)}`;
}

const channelOf = ({ id }: Watch): Channel => ({
  id: CHANNEL.id,
  watch: id,
  user: SPEC.user,
  resource: SPEC.resource,
  calendarId: SPEC.calendarId,
  auth: 'service-account',
  state: 'live',
  resourceId: CHANNEL.resourceId,
  expiresAt: CHANNEL.expiresAt,
  nextDueAt: NOW,
});

const HAPPENS: Readonly<Record<Event, (state: State) => string>> = {
  push: (state) => notified(PUSH, inState(state)),
  poll: (state) => notified(POLL, inState(state)),
  continue: (state) => {
    const traversal = state === 'removing' ? { ...TRAVERSAL, kind: 'purge' as const } : TRAVERSAL;
    const { id, stepsCommitted: position } = traversal;
    const watch = inState(state, { sync: { ...inState(state).sync, traversal } });
    return notified({ watchId: watch.id, reason: 'continue', traversal: id, position }, watch);
  },
  manual: (state) => notified(MANUAL, inState(state)),
  clock: (state) => {
    const { spec = SPEC, ...given } = TYPICAL[state];
    const clock = clockStatus(NOW);
    return notified(CLOCK, sampleWatch({ state, ...given, clock, spec: { ...CLOCKED, ...Object(spec) } }));
  },
  due: (state) => due(inState(state)),
  'spec edited': (state) => dueThenSync(inState(state, { spec: { ...SPEC, singleEvents: true } })),
  removed: (state) => dueThenSync(inState(state, { spec: { ...SPEC, removed: 'purge' } })),
  deleted: (state) =>
    planChannel(channelOf(inState(state)), undefined, NOW) === 'stop' ? 'stops its channel' : 'nothing',
};

describe.each(STATES)('a watch that is %s', (state) => {
  test.each(EVENTS)('does what the table says at the event %j', (event) => {
    expect(HAPPENS[event](state)).toBe(TABLE[state][event]);
  });
});

test('the table in SPEC.md is this one', () => {
  const spec = readFileSync(new URL('../../../../functions/SPEC.md', import.meta.url), 'utf8');
  const rows = spec.split('\n').flatMap((line) => {
    const cells = line.split('|').map((cell) => cell.trim());
    return cells.length === EVENTS.length + 3 ? [cells.slice(1, -1)] : [];
  });
  expect(rows[0]).toEqual(['state', ...EVENTS]);
  expect(rows.slice(2)).toEqual(
    STATES.map((state) => [`\`${state}\``, ...EVENTS.map((event) => TABLE[state][event])]),
  );
});
