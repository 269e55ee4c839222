import { afterEach, describe, expect, test } from 'vitest';
import { refusal } from '../../support/calendar/client.ts';
import { ADA, BOB, startEmulated } from '../../support/calendar/emulated.ts';
import type { CalendarEmulatorOptions } from '../../../infra/local/calendar/server.ts';
import type { Emulated } from '../../support/calendar/emulated.ts';

let running: Emulated | undefined;

async function start(options: CalendarEmulatorOptions = {}): Promise<Emulated> {
  running = await startEmulated(options);
  return running;
}

afterEach(async () => {
  await running?.stop();
  running = undefined;
});

/** The states and numbers of what was received, the sync message left out. */
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
  ])('answers %i %s as Google does, as often as it was told', async (status, reason) => {
    const { ada, emulator } = await start();
    emulator.faults.add({ on: 'request', times: 1, effect: { do: 'fail', status, reason } });
    expect(await refusal(ada.settings.list())).toMatchObject({ status, reason });
    expect((await ada.settings.list()).status).toBe(200);
  });

  test('says when to come back', async () => {
    const { emulator } = await start();
    emulator.faults.add({ on: 'request', effect: { do: 'fail', status: 503, retryAfterSeconds: 7 } });
    const answer = await fetch(`${emulator.url}/calendar/v3/colors`);
    expect(answer.headers.get('retry-after')).toBe('7');
  });

  test('meets only what it names', async () => {
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

  test('that hangs up before has no effect on the state', async () => {
    const { ada, emulator } = await start();
    emulator.faults.add({ on: 'request', times: 1, effect: { do: 'hangUp', when: 'before' } });
    await expect(ada.calendars.insert({ requestBody: { summary: 'Lost' } })).rejects.toHaveProperty('code');
    const { data } = await ada.calendarList.list();
    expect(data.items?.map((item) => item.summary)).toEqual([ADA]);
    expect(emulator.journal.requests().map(({ status }) => status)).toEqual([0, 200]);
  });

  test('that hangs up after loses the answer, not the effect', async () => {
    const { ada, emulator } = await start();
    emulator.faults.add({ on: 'request', times: 1, effect: { do: 'hangUp', when: 'after' } });
    await expect(ada.calendars.insert({ requestBody: { summary: 'Kept' } })).rejects.toHaveProperty('code');
    const { data } = await ada.calendarList.list();
    expect(data.items?.map((item) => item.summary)).toContain('Kept');
  });

  test('that delays lets a later request be answered first', async () => {
    const { ada, bob, emulator } = await start();
    emulator.faults.add({ on: 'request', match: { user: ADA }, effect: { do: 'delay', ms: 200 } });
    const answers = await Promise.all([ada.settings.list(), bob.settings.list()]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(emulator.journal.requests().map(({ user }) => user)).toEqual([BOB, ADA]);
  });
});

describe('a notification fault', () => {
  test('drops', async () => {
    const emulated = await watching();
    emulated.emulator.faults.add({ on: 'notification', times: 1, effect: { do: 'drop' } });
    emulated.changeSettings();
    emulated.changeSettings();
    await emulated.emulator.settle();
    expect(changesReceived(emulated)).toHaveLength(1);
    expect(emulated.emulator.journal.counts().notifications).toMatchObject({ dropped: 1, delivered: 2 });
  });

  test('drops the sync message alone, if so told', async () => {
    const emulated = await start();
    emulated.emulator.faults.add({ on: 'notification', match: { state: 'sync' }, effect: { do: 'drop' } });
    await emulated.ada.settings.watch({ requestBody: emulated.channel() });
    emulated.changeSettings();
    await emulated.emulator.settle();
    expect(emulated.receiver.received.map(({ state }) => state)).toEqual(['exists']);
  });

  test('duplicates, under the same number', async () => {
    const emulated = await watching();
    emulated.emulator.faults.add({ on: 'notification', effect: { do: 'duplicate', copies: 2 } });
    emulated.changeSettings();
    await emulated.emulator.settle();
    const numbers = changesReceived(emulated);
    expect(numbers).toHaveLength(3);
    expect(new Set(numbers).size).toBe(1);
  });

  test('reorders: the next one overtakes', async () => {
    const emulated = await watching();
    emulated.emulator.faults.add({ on: 'notification', times: 1, effect: { do: 'reorder', maxMs: 60_000 } });
    emulated.changeSettings();
    emulated.changeSettings();
    await emulated.emulator.settle();
    const [first = 0, second = 0] = changesReceived(emulated);
    expect(first).toBeGreaterThan(second);
  });

  test('reorders the last one too, which goes out in the end', async () => {
    const emulated = await watching();
    emulated.emulator.faults.add({ on: 'notification', effect: { do: 'reorder', maxMs: 5 } });
    emulated.changeSettings();
    await emulated.emulator.settle();
    expect(changesReceived(emulated)).toHaveLength(1);
  });

  test('delays one and lets later ones pass', async () => {
    const emulated = await watching();
    emulated.emulator.faults.add({ on: 'notification', times: 1, effect: { do: 'delay', ms: 150 } });
    emulated.changeSettings();
    emulated.changeSettings();
    await emulated.emulator.settle();
    const [first = 0, second = 0] = changesReceived(emulated);
    expect(first).toBeGreaterThan(second);
  });
});

/** What a run with seed 42 leads to: the numbers that arrived, and the id of a calendar. */
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

test('closing gives up a request that is still delayed, and it has no effect', async () => {
  const emulated = await start();
  const { emulator } = emulated;
  emulator.faults.add({ on: 'request', effect: { do: 'delay', ms: 600_000 } });
  const call = emulated.ada.calendars.insert({ requestBody: { summary: 'Late' } }).catch(() => 'gone');
  await expect.poll(() => emulator.faults.list()[0]?.acted).toBe(1);
  await emulated.stop();
  running = undefined;
  expect(await call).toBe('gone');
  expect(emulator.store.users.size).toBe(0);
});

test('closing gives up what is still on its way', async () => {
  const emulated = await watching();
  emulated.emulator.faults.add({ on: 'notification', effect: { do: 'delay', ms: 600_000 } });
  emulated.changeSettings();
  await emulated.stop();
  running = undefined;
  expect(changesReceived(emulated)).toEqual([]);
});
