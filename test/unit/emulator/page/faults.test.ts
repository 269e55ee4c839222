import { expect, test } from 'vitest';
import { faultRule } from '../../../../infra/emulator/faults/fault-rules.ts';
import { formatDuration } from '../../../../infra/emulator/page/app/state/duration.ts';
import {
  actions,
  describeRule,
  describeTiming,
  notificationPresets,
  requestPresets,
} from '../../../../infra/emulator/page/app/state/faults.ts';

const anyone = { user: '', calendarId: '', times: 0 };

test.each([...requestPresets, ...notificationPresets])('the preset “$title” is a valid rule', ({ rule }) => {
  expect(() => faultRule.parse(rule(anyone))).not.toThrow();
  const narrow = rule({ user: 'ada@example.com', calendarId: 'team', times: 3 });
  expect(faultRule.parse(narrow)).toMatchObject({
    match: { user: 'ada@example.com', calendarId: 'team' },
    times: 3,
  });
  expect(rule(anyone)).not.toHaveProperty('times');
});

test.each([
  [{ do: 'fail', status: 410, reason: 'fullSyncRequired' }, 'Requests: fail with 410 fullSyncRequired'],
  [{ do: 'fail', status: 503 }, 'Requests: fail with 503'],
  [{ do: 'hangUp', when: 'after' }, 'Requests: hang up after taking effect'],
  [{ do: 'delay', ms: 5 }, 'Requests: delay by 5 ms'],
] as const)('a rule with %o is described', (effect, text) => {
  expect(describeRule({ on: 'request', effect })).toBe(text);
});

test.each([
  [{ do: 'drop' }, 'Notifications: drop'],
  [{ do: 'duplicate' }, 'Notifications: duplicate, 1 more'],
  [{ do: 'delay', ms: 5 }, 'Notifications: delay by 5 ms'],
  [{ do: 'reorder' }, 'Notifications: let the next one overtake'],
] as const)('a rule of notifications with %o is described', (effect, text) => {
  expect(describeRule({ on: 'notification', effect })).toBe(text);
});

test('what a rule matches and how often it acts is described', () => {
  const rule = {
    on: 'request',
    match: { method: 'calendar.*.list', user: 'ada@example.com' },
    effect: { do: 'hangUp', when: 'before' },
    skip: 2,
    times: 3,
    probability: 0.5,
  } as const;
  expect(describeRule(rule)).toBe(
    'Requests where method calendar.*.list, user ada@example.com: hang up before taking effect',
  );
  expect(describeTiming(rule)).toBe('after 2 matches, with probability 0.5, 3 times');
  expect(describeTiming({ ...rule, skip: 0, probability: 1, times: 1 })).toBe('once');
  expect(describeTiming({ on: 'notification', effect: { do: 'drop' } })).toBe('until removed');
});

test.each([
  [0, '0 s'],
  [61_000, '1 min 1 s'],
  [-3_600_000, '1 h'],
  [8 * 86_400_000 + 3_600_000 + 1, '8 d 1 h'],
])('%i ms is %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

const bodies = (target: Parameters<(typeof actions)[number]['body']>[0]) =>
  Object.fromEntries(actions.map(({ path, body }) => [path, body(target)]));

test('what happens at once is about the chosen user or calendar', () => {
  expect(bodies(anyone)).toEqual({
    'kill-channels': {},
    'expire-channels': {},
    notify: {},
    'expire-sync-tokens': undefined,
    'oauth/expire-tokens': {},
    'oauth/revoke': {},
  });
  const both = { user: 'ada@example.com', calendarId: 'team' };
  expect(bodies({ ...both, times: 1 })).toEqual({
    'kill-channels': both,
    'expire-channels': both,
    notify: both,
    'expire-sync-tokens': { resource: 'events', calendarId: 'team' },
    'oauth/expire-tokens': { user: 'ada@example.com' },
    'oauth/revoke': { user: 'ada@example.com' },
  });
});
