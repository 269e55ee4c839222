/** Random edits and random faults, as steps that a property test can repeat. */
import * as fc from 'fast-check';
import type { NotificationEffect } from '../../../infra/emulator/faults/fault-rules.ts';

/** Ids of series and of single events. The first exists in both calendars from the start, the second in one. */
export const SERIES = ['seria', 'serib', 'seric'];
export const SINGLES = ['sinla', 'sinlb', 'sinlc', 'sinld'];
export const RULES = [
  'RRULE:FREQ=DAILY;COUNT=4',
  'RRULE:FREQ=DAILY;COUNT=2',
  'RRULE:FREQ=DAILY;INTERVAL=2;COUNT=3',
];

const calendar = fc.constantFrom('owner' as const, 'team' as const);
const master = fc.constantFrom(...SERIES, ...SINGLES);
const hour = fc.integer({ min: 1, max: 3 });
/** Mostly occurrences of the series as it was at the start, with that hour. */
const occurrence = fc
  .tuple(
    fc.constantFrom(...SERIES),
    fc.integer({ min: 1, max: 4 }),
    fc.oneof({ arbitrary: fc.constant(1), weight: 3 }, { arbitrary: hour, weight: 1 }),
  )
  .map(([id, day, when]) => `${id}_2030010${day}T0${when}0000Z`);
const anyId = fc.oneof({ arbitrary: master, weight: 1 }, { arbitrary: occurrence, weight: 2 });
const word = fc.constantFrom('a', 'b', 'c');
const role = fc.constantFrom('none', 'freeBusyReader', 'reader', 'writer', 'owner');
const times = fc.integer({ min: 1, max: 3 });
const who = fc.constantFrom('owner' as const, 'guest' as const);

/** Edits by the API. Those that it rejects (an id that exists, an occurrence that does not) change nothing. */
const edit = fc.oneof(
  {
    arbitrary: fc.record({
      do: fc.constant('insert' as const),
      calendar,
      id: master,
      hour,
      rule: fc.constantFrom(...RULES),
    }),
    weight: 1,
  },
  {
    arbitrary: fc.record({ do: fc.constant('rename' as const), calendar, id: anyId, word }),
    weight: 3,
  },
  {
    arbitrary: fc.record({ do: fc.constant('remind' as const), calendar, id: anyId, minutes: hour }),
    weight: 1,
  },
  { arbitrary: fc.record({ do: fc.constant('reschedule' as const), calendar, id: anyId, hour }), weight: 1 },
  {
    arbitrary: fc.record({
      do: fc.constant('repeat' as const),
      calendar,
      id: master,
      rule: fc.option(fc.constantFrom(...RULES)),
    }),
    weight: 1,
  },
  {
    arbitrary: fc.record({ do: fc.constant('delete' as const), calendar, id: anyId }),
    weight: 3,
  },
  { arbitrary: fc.record({ do: fc.constant('restore' as const), calendar, id: anyId }), weight: 1 },
  { arbitrary: fc.record({ do: fc.constant('transfer' as const), calendar, id: master }), weight: 1 },
  {
    arbitrary: fc.record({
      do: fc.constant('share' as const),
      with: fc.constantFrom('guest', 'other'),
      role,
    }),
    weight: 1,
  },
  { arbitrary: fc.record({ do: fc.constant('listEntry' as const), word, hidden: fc.boolean() }), weight: 1 },
  { arbitrary: fc.record({ do: fc.constantFrom('list' as const, 'unlist' as const) }), weight: 1 },
  {
    arbitrary: fc.record({
      do: fc.constant('setting' as const),
      id: fc.constantFrom('locale', 'weekStart', 'new'),
      word,
    }),
    weight: 1,
  },
);

const fault = fc.oneof(
  fc.record({
    do: fc.constant('refuseLists' as const),
    who,
    status: fc.constantFrom(429, 503, 403),
    // Six times is more often than one sync tries.
    times: fc.constantFrom(1, 2, 6),
  }),
  fc.record({
    do: fc.constant('hangUp' as const),
    who,
    when: fc.constantFrom('before' as const, 'after' as const),
    times,
  }),
  fc.record({ do: fc.constant('loseWatchAnswer' as const), who }),
  fc.record({
    do: fc.constant('disturb' as const),
    who,
    effect: fc.constantFrom<NotificationEffect>(
      { do: 'drop' },
      { do: 'duplicate', copies: 2 },
      { do: 'delay', ms: 200 },
      { do: 'reorder', maxMs: 200 },
    ),
    times,
  }),
  fc.record({ do: fc.constant('expireTokens' as const), calendar: fc.option(calendar) }),
  fc.record({ do: fc.constant('killChannels' as const), who }),
);

const turn = fc.oneof(
  /** Waits until sync has processed everything. */
  { arbitrary: fc.record({ do: fc.constant('catchUp' as const) }), weight: 6 },
  { arbitrary: fc.record({ do: fc.constant('renew' as const) }), weight: 2 },
  /** Runs several syncs of one watch at once. */
  { arbitrary: fc.record({ do: fc.constant('race' as const), watch: fc.nat({ max: 5 }) }), weight: 2 },
  /** Kills sync: while it is idle, when Google has responded, or right after a write. */
  {
    arbitrary: fc.record({
      do: fc.constant('crash' as const),
      when: fc.constantFrom('idle' as const, 'listed' as const, 'written' as const),
    }),
    weight: 2,
  },
);

const step = fc.oneof(
  { arbitrary: edit.map((what) => ({ kind: 'edit' as const, what })), weight: 20 },
  { arbitrary: fault.map((what) => ({ kind: 'fault' as const, what })), weight: 4 },
  { arbitrary: turn.map((what) => ({ kind: 'turn' as const, what })), weight: 6 },
);

export const steps = fc.array(step, { minLength: 20, maxLength: 40, size: 'max' });
type Of<A> = A extends fc.Arbitrary<infer T> ? T : never;
export type Edit = Of<typeof edit>;
export type Fault = Of<typeof fault>;
export type Turn = Of<typeof turn>;
export type Step = Of<typeof step>;
