import { describe, expect, test } from 'vitest';
import { type FaultRule, faultRule } from '../../../infra/emulator/faults/fault-rules.ts';
import { createFaults } from '../../../infra/emulator/faults/faults.ts';
import { createRandom } from '../../../infra/emulator/state/random.ts';

const list = {
  method: 'calendar.events.list',
  path: '/calendar/v3/calendars/team/events',
  user: 'ada@example.com',
  calendarId: 'team',
};
const unavailable = { do: 'fail', status: 503 } as const;

const notification = {
  channelId: 'c1',
  resource: 'events',
  calendarId: 'team',
  user: 'ada@example.com',
  state: 'exists',
};

function actWithChance(): number[] {
  const faults = createFaults(createRandom(7));
  faults.add({ on: 'request', effect: unavailable, probability: 0.25 });
  return Array.from({ length: 400 }, () => faults.onRequest(list).length);
}

test('an invalid rule says in one line what is wrong, and is not added', () => {
  const faults = createFaults(createRandom(1));
  const rule: FaultRule = JSON.parse('{"on":"request","effect":{"do":"delay","ms":"5"},"time":1}');
  expect(() => faults.add(rule)).toThrow(
    new TypeError('effect.ms: Invalid input: expected number, received string; Unrecognized key: "time"'),
  );
  expect(faults.list()).toEqual([]);
});

describe('a request rule', () => {
  test.each([
    ['no field', {}, true],
    ['the method', { method: 'calendar.events.list' }, true],
    ['another method', { method: 'calendar.events.get' }, false],
    ['a method with a wildcard', { method: 'calendar.events.*' }, true],
    ['another group with a wildcard', { method: 'calendar.acl.*' }, false],
    ['the same method of every group', { method: 'calendar.*.list' }, true],
    ['another method of every group', { method: 'calendar.*.watch' }, false],
    ['wildcards on all sides', { method: '*event*list*' }, true],
    ['a start and an end that overlap', { method: 'calendar.events.list*events.list' }, false],
    ['part of the path', { path: '/team/' }, true],
    ['another path', { path: '/others/' }, false],
    ['the user', { user: 'ada@example.com' }, true],
    ['another user', { user: 'bob@example.com' }, false],
    ['the calendar', { calendarId: 'team' }, true],
    ['all fields', { method: 'calendar.events.list', user: 'ada@example.com', calendarId: 'team' }, true],
    ['the right user and the wrong calendar', { user: 'ada@example.com', calendarId: 'other' }, false],
  ])('with %s', (_name, match, acts) => {
    const faults = createFaults(createRandom(1));
    faults.add({ on: 'request', match, effect: unavailable });
    expect(faults.onRequest(list)).toEqual(acts ? [unavailable] : []);
  });

  test('skips matches first, then acts the given number of times', () => {
    const faults = createFaults(createRandom(1));
    faults.add({ on: 'request', effect: unavailable, skip: 1, times: 2 });
    const acted = [1, 2, 3, 4].map(() => faults.onRequest(list).length);
    expect(acted).toEqual([0, 1, 1, 0]);
  });

  test('with a probability is reproducible by seed, and acts about that often', () => {
    const acted = actWithChance().filter((count) => count > 0).length;
    expect(actWithChance()).toEqual(actWithChance());
    expect(acted).toBeGreaterThan(60);
    expect(acted).toBeLessThan(140);
  });

  test('acts in the order of addition', () => {
    const faults = createFaults(createRandom(1));
    const slow = { do: 'delay', ms: 5 } as const;
    faults.add({ on: 'request', effect: slow });
    faults.add({ on: 'request', effect: unavailable });
    expect(faults.onRequest(list)).toEqual([slow, unavailable]);
  });

  test('does not affect notifications', () => {
    const faults = createFaults(createRandom(1));
    faults.add({ on: 'request', effect: unavailable });
    expect(faults.onNotification(notification)).toEqual([]);
  });
});

describe('a notification rule', () => {
  test.each([
    ['the channel', { channelId: 'c1' }, true],
    ['another channel', { channelId: 'c2' }, false],
    ['the resource', { resource: 'events' }, true],
    ['another resource', { resource: 'acl' }, false],
    ['the state', { state: 'exists' }, true],
    ['another state', { state: 'sync' }, false],
    ['another calendar', { calendarId: 'other' }, false],
  ] as const)('with %s', (_name, match, acts) => {
    const faults = createFaults(createRandom(1));
    faults.add({ on: 'notification', match, effect: { do: 'drop' } });
    expect(faults.onNotification(notification)).toHaveLength(acts ? 1 : 0);
  });
});

test('a removed rule no longer acts, and removing it again returns false', () => {
  const faults = createFaults(createRandom(1));
  const id = faults.add({ on: 'request', effect: unavailable });
  expect(faults.list()).toMatchObject([{ id, matched: 0, acted: 0 }]);
  expect(faults.remove(id)).toBe(true);
  expect(faults.remove(id)).toBe(false);
  expect(faults.onRequest(list)).toEqual([]);
});

test.each([
  ['an unknown effect', { on: 'request', effect: { do: 'explode' } }],
  ['an effect of the other kind', { on: 'request', effect: { do: 'drop' } }],
  ['a success status as a failure', { on: 'request', effect: { do: 'fail', status: 200 } }],
  ['an unknown field', { on: 'request', match: { methods: 'x' }, effect: unavailable }],
  ['a probability over 1', { on: 'request', effect: unavailable, probability: 2 }],
])('a rule with %s is rejected', (_name, rule) => {
  expect(faultRule.safeParse(rule).success).toBe(false);
});
