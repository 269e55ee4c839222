/** How many calls a run of renew may cause for a user and for the project. */
import { createSecretKey } from 'node:crypto';
import { expect, test } from 'vitest';
import type { CalendarClient } from '../../../../functions/calendar/client.ts';
import { createFirestore } from '../../../../functions/firestore/client.ts';
import { createMirror } from '../../../../functions/mirror/index.ts';
import type { RenewContext } from '../../../../functions/renew/context.ts';
import { renew } from '../../../../functions/renew/run.ts';
import { createLog } from '../../../../functions/runtime/log.ts';
import type { Watch } from '../../../../functions/watches/watch.ts';
import { CHANNEL, NOW, RULES, sampleWatch, specOf } from '../../../support/sample-watch.ts';

const AT_ONCE = 32;

const unused = (): never => {
  throw new Error('a run has no use for it here');
};

/** Returns due watches of a user, one for each of as many calendars. */
function watchesOf(user: string, count: number, given: Partial<Omit<Watch, 'spec'>> = {}): readonly Watch[] {
  return Array.from({ length: count }, (_, index) => {
    const spec = { user, resource: 'events', calendarId: `c${String(index)}@example.com` };
    const { collection, parametersKey } = specOf(spec);
    const id = `${user.split('@')[0] ?? ''}-${String(index)}`;
    return sampleWatch({ id, spec, collection, channel: { ...CHANNEL, parametersKey }, ...given });
  });
}

/** A deployment whose watches are due in this order, until a run has checked them. */
function deployment(watches: readonly Watch[], watch: CalendarClient['watch'] = unused) {
  const due = new Map(watches.map((each) => [each.id, each]));
  const polled: string[] = [];
  let [running, most] = [0, 0];
  const context: RenewContext = {
    mirror: {
      ...createMirror(createFirestore('unused', '(default)')),
      dueWatches: async (_, limit) =>
        [...due.values()].slice(0, limit).map((each) => ({ ok: true, watch: each })),
      dueChannels: async () => [],
      intendChannel: async () => undefined,
      forgetChannel: async () => undefined,
      applyReconcileResult: async ({ id }) => {
        running += 1;
        most = Math.max(most, running);
        await Promise.resolve();
        running -= 1;
        due.delete(id);
        return false;
      },
    },
    calendar: { list: unused, get: unused, stop: unused, watch },
    publishNotification: async ({ orderingKey }) => {
      polled.push(orderingKey);
      return '';
    },
    auth: 'emulator',
    address: 'https://receive.example.com',
    key: { id: 'k1', secret: createSecretKey(Buffer.alloc(32)) },
    rules: RULES,
    concurrency: AT_ONCE,
    budgetMs: 45_000,
    now: () => NOW,
    random: () => 0.5,
    newId: () => 'channel-2',
    isShuttingDown: () => false,
    log: createLog(() => {}),
  };
  return { run: () => renew(context), polled, due, most: () => most };
}

test('a user with more watches due than the share of a run holds up no other, and is served in later runs', async () => {
  const { run, polled, due } = deployment([
    ...watchesOf('ana@example.com', 1_000),
    ...watchesOf('ben@example.com', 1),
  ]);
  expect(await run()).toMatchObject({ polled: 201, remaining: 800, failed: 0 });
  expect(polled).toContain('ben-0');
  for (const left of [600, 400, 200, 0]) {
    expect(await run()).toMatchObject({ polled: 200, remaining: left });
  }
  expect(due.size).toBe(0);
  expect(new Set(polled).size).toBe(1_001);
});

test('a run ends with the share of the project, and works on as many watches at once as it may', async () => {
  const users = Array.from({ length: 50 }, (_, index) => `user${String(index)}@example.com`);
  const { run, polled, most } = deployment(users.flatMap((user) => watchesOf(user, 100)));
  const { remaining } = await run();
  expect(polled).toHaveLength(4_000);
  expect(remaining).toBeGreaterThan(0);
  expect(most()).toBe(AT_ONCE);
  expect(await run()).toMatchObject({ polled: 1_000, remaining: 0 });
});

test('every attempt at a call counts, and the list call of the poll', async () => {
  const problem = { kind: 'temporary', reason: 'rateLimitExceeded', notApplied: true } as const;
  // Two attempts and a poll for each watch.
  const rejecting: CalendarClient['watch'] = async () => ({ ok: false, problem, failedAttempts: [problem] });
  const { run, polled } = deployment(watchesOf('ana@example.com', 200, { channel: undefined }), rejecting);
  await run();
  // Those that had begun when the share was used up are finished.
  expect(polled.length).toBeGreaterThanOrEqual(67);
  expect(polled.length).toBeLessThanOrEqual(67 + AT_ONCE);
});
