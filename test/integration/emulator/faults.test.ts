import { describe, expect, test } from 'vitest';
import { refusal } from '../../support/emulator/client.ts';
import { ADA, BOB, emulatedForEachTest } from '../../support/emulator/emulated.ts';
import type { CalendarEmulatorOptions } from '../../../infra/emulator/types.ts';
import type { Emulated } from '../../support/emulator/emulated.ts';

const start = emulatedForEachTest();

/** The states and numbers of the received notifications, without the sync message. */
function changesReceived({ receiver }: Emulated): number[] {
  return receiver.received.filter(({ state }) => state === 'exists').map(({ number }) => number);
}

async function watching(options: CalendarEmulatorOptions = {}): Promise<Emulated> {
  const emulated = await start(options);
  await emulated.ada.settings.watch({ requestBody: emulated.channel() });
  await emulated.emulator.settle();
  return emulated;
}

describe('a request fault', () => {
  test.each([
    [403, 'rateLimitExceeded'],
    [403, 'userRateLimitExceeded'],
    [429, 'rateLimitExceeded'],
    [410, 'fullSyncRequired'],
    [401, 'authError'],
    [404, 'notFound'],
    [500, 'backendError'],
    [503, 'backendError'],
  ])('answers %i %s like Google, the given number of times', async (status, reason) => {
    const { ada, emulator } = await start();
    emulator.faults.add({ on: 'request', times: 1, effect: { do: 'fail', status, reason } });
    expect(await refusal(ada.settings.list())).toMatchObject({ status, reason });
    expect((await ada.settings.list()).status).toBe(200);
  });

  test('can send Retry-After', async () => {
    const { emulator } = await start();
    emulator.faults.add({ on: 'request', effect: { do: 'fail', status: 503, retryAfterSeconds: 7 } });
    const answer = await fetch(`${emulator.url}/calendar/v3/colors`);
    expect(answer.headers.get('retry-after')).toBe('7');
  });

  test('affects only matching requests', async () => {
    const { ada, bob, emulator } = await start();
    emulator.faults.add({
      on: 'request',
      match: { method: 'calendar.settings.*', user: ADA },
      effect: { do: 'fail', status: 500 },
    });
    expect((await refusal(ada.settings.list())).status).toBe(500);
    expect((await bob.settings.list()).status).toBe(200);
    expect((await ada.calendarList.list()).status).toBe(200);
  });

  test('that hangs up before leaves the state unchanged', async () => {
    const { ada, emulator } = await start();
    emulator.faults.add({ on: 'request', times: 1, effect: { do: 'hangUp', when: 'before' } });
    await expect(ada.calendars.insert({ requestBody: { summary: 'Lost' } })).rejects.toHaveProperty('code');
    const { data } = await ada.calendarList.list();
    expect(data.items?.map((item) => item.summary)).toEqual([ADA]);
    expect(emulator.journal.requests().map(({ status }) => status)).toEqual([0, 200]);
  });

  test('that hangs up after loses the response, not the effect', async () => {
    const { ada, emulator } = await start();
    emulator.faults.add({ on: 'request', times: 1, effect: { do: 'hangUp', when: 'after' } });
    await expect(ada.calendars.insert({ requestBody: { summary: 'Kept' } })).rejects.toHaveProperty('code');
    const { data } = await ada.calendarList.list();
    expect(data.items?.map((item) => item.summary)).toContain('Kept');
  });

  test('that delays lets a later request overtake', async () => {
    const { ada, bob, emulator } = await start();
    emulator.faults.add({ on: 'request', match: { user: ADA }, effect: { do: 'delay', ms: 200 } });
    const answers = await Promise.all([ada.settings.list(), bob.settings.list()]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(emulator.journal.requests().map(({ user }) => user)).toEqual([BOB, ADA]);
  });
});

describe('a notification fault', () => {
  test('can drop', async () => {
    const emulated = await watching();
    emulated.emulator.faults.add({ on: 'notification', times: 1, effect: { do: 'drop' } });
    emulated.changeSettings();
    emulated.changeSettings();
    await emulated.emulator.settle();
    expect(changesReceived(emulated)).toHaveLength(1);
    expect(emulated.emulator.journal.counts().notifications).toMatchObject({ dropped: 1, delivered: 2 });
  });

  test('can drop the sync message only', async () => {
    const emulated = await start();
    emulated.emulator.faults.add({ on: 'notification', match: { state: 'sync' }, effect: { do: 'drop' } });
    await emulated.ada.settings.watch({ requestBody: emulated.channel() });
    emulated.changeSettings();
    await emulated.emulator.settle();
    expect(emulated.receiver.received.map(({ state }) => state)).toEqual(['exists']);
  });

  test('can duplicate, with the same number', async () => {
    const emulated = await watching();
    emulated.emulator.faults.add({ on: 'notification', effect: { do: 'duplicate', copies: 2 } });
    emulated.changeSettings();
    await emulated.emulator.settle();
    const numbers = changesReceived(emulated);
    expect(numbers).toHaveLength(3);
    expect(new Set(numbers).size).toBe(1);
  });

  test('can reorder: the next one overtakes', async () => {
    const emulated = await watching();
    emulated.emulator.faults.add({ on: 'notification', times: 1, effect: { do: 'reorder', maxMs: 60_000 } });
    emulated.changeSettings();
    emulated.changeSettings();
    await emulated.emulator.settle();
    const [first = 0, second = 0] = changesReceived(emulated);
    expect(first).toBeGreaterThan(second);
  });

  test('sends a reordered notification in the end if none follows', async () => {
    const emulated = await watching();
    emulated.emulator.faults.add({ on: 'notification', effect: { do: 'reorder', maxMs: 5 } });
    emulated.changeSettings();
    await emulated.emulator.settle();
    expect(changesReceived(emulated)).toHaveLength(1);
  });

  test('can delay one while later ones pass', async () => {
    const emulated = await watching();
    emulated.emulator.faults.add({ on: 'notification', times: 1, effect: { do: 'delay', ms: 150 } });
    emulated.changeSettings();
    emulated.changeSettings();
    await emulated.emulator.settle();
    const [first = 0, second = 0] = changesReceived(emulated);
    expect(first).toBeGreaterThan(second);
  });
});

/** The outcome of a run with seed 42: the received message numbers, and the id of a calendar. */
async function runSeeded() {
  const emulated = await watching({ randomSeed: 42 });
  emulated.emulator.faults.add({ on: 'notification', probability: 0.5, effect: { do: 'drop' } });
  for (let change = 0; change < 30; change += 1) emulated.changeSettings();
  await emulated.emulator.settle();
  const calendar = await emulated.ada.calendars.insert({ requestBody: { summary: 'Team' } });
  await emulated.stop();
  return { numbers: changesReceived(emulated).toSorted((a, b) => a - b), id: calendar.data.id };
}

test('equal seeds give equal faults, numbers and ids', async () => {
  const first = await runSeeded();
  expect(first.numbers.length).toBeGreaterThan(3);
  expect(first.numbers.length).toBeLessThan(27);
  expect(await runSeeded()).toEqual(first);
});

test('a spurious notification comes without a change', async () => {
  const emulated = await watching();
  expect(await emulated.emulator.channels.notify({ resource: 'settings' })).toBe(1);
  expect(changesReceived(emulated)).toHaveLength(1);
});

test('sync tokens expire on demand', async () => {
  const { ada, emulator } = await start();
  const { data } = await ada.settings.list();
  emulator.store.expireSyncTokens({ resource: 'settings', user: ADA });
  const incremental = ada.settings.list({ syncToken: data.nextSyncToken ?? '' });
  expect(await refusal(incremental)).toMatchObject({ status: 410, reason: 'fullSyncRequired' });
});

test('closing aborts a delayed request, which has no effect', async () => {
  const emulated = await start();
  const { emulator } = emulated;
  emulator.faults.add({ on: 'request', effect: { do: 'delay', ms: 600_000 } });
  const call = emulated.ada.calendars.insert({ requestBody: { summary: 'Late' } }).catch(() => 'gone');
  await expect.poll(() => emulator.faults.list()[0]?.acted).toBe(1);
  await emulated.stop();
  expect(await call).toBe('gone');
  expect(emulator.store.users.size).toBe(0);
});

test('closing drops pending notifications', async () => {
  const emulated = await watching();
  emulated.emulator.faults.add({ on: 'notification', effect: { do: 'delay', ms: 600_000 } });
  emulated.changeSettings();
  await emulated.stop();
  expect(changesReceived(emulated)).toEqual([]);
});
