/** State files: what outlives a restart. */
import * as fc from 'fast-check';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { startCalendarEmulator, type CalendarEmulator } from '../../../infra/emulator/index.ts';
import { clientOf, refusal } from '../../support/emulator/client.ts';
import { calendarId, edit, perform, series, singles } from '../../support/emulator/edits.ts';
import { ADA, BOB } from '../../support/emulator/emulated.ts';
import { startReceiver, type Receiver } from '../../support/emulator/receiver.ts';

let folder: string;
let receiver: Receiver;
let state: string;
let count = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'calendar-emulator-state-'));
  receiver = await startReceiver();
});
beforeEach(() => {
  state = join(folder, `state-${(count += 1)}.json`);
});
afterAll(async () => {
  await receiver.close();
  await rm(folder, { recursive: true });
});

const channels = { deliveryDelayMs: [0, 0], retryBaseMs: 1 } as const;
const open = (): Promise<CalendarEmulator> => startCalendarEmulator({ state, channels });
const day = { start: { date: '2030-01-05' }, end: { date: '2030-01-06' } };

/** The lists whose sync tokens must go on working, each with its parameters. */
const LISTS = [
  ['calendars/primary/events', ''],
  ['calendars/primary/events', 'singleEvents=true'],
  ['calendars/primary/acl', ''],
  ['users/me/calendarList', ''],
  ['users/me/settings', ''],
] as const;

/** Lists in full, or what changed since each token. Returns the items without times, and the next tokens. */
async function listAll({ url }: CalendarEmulator, tokens: readonly string[]) {
  const answers = await Promise.all(
    LISTS.map(async ([path, parameters], index) => {
      const token = tokens[index] === undefined ? '' : `&syncToken=${tokens[index]}`;
      const answer = await fetch(`${url}/calendar/v3/${path}?${parameters}${token}`, {
        headers: { authorization: `Bearer ${ADA}` },
      });
      const body: { items?: object[]; nextSyncToken?: string } = await answer.json();
      return { status: answer.status, items: body.items ?? [], token: body.nextSyncToken ?? '' };
    }),
  );
  const timeless = JSON.stringify(answers.map(({ status, items }) => ({ status, items }))).replaceAll(
    /"(?:etag|updated|created)":"(?:[^"\\]|\\.)*",?/g,
    '',
  );
  return { timeless, tokens: answers.map(({ token }) => token) };
}

const step = fc.oneof(
  { weight: 6, arbitrary: edit },
  { weight: 2, arbitrary: fc.constant({ do: 'restart' as const }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('setting' as const), value: fc.constantFrom('de', 'fr') }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('share' as const), role: fc.constantFrom('reader', 'writer') }),
  },
);

test('lists with tokens from before a restart are those of an emulator that never restarted', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 24, size: 'max' }), async (steps) => {
      await rm(state, { force: true });
      await using steady = await startCalendarEmulator({ channels });
      let restarted = await open();
      try {
        const both = async (work: (emulator: CalendarEmulator) => Promise<unknown>) =>
          await Promise.all([work(steady), work(restarted)]);
        for (const id of [...series, ...singles])
          await both(({ url }) =>
            perform(clientOf(url, ADA), { do: 'insert', id, hour: 1, rule: 'RRULE:FREQ=DAILY;COUNT=4' }),
          );
        let tokens: readonly (readonly string[])[] = [[], []];
        const compare = async (): Promise<void> => {
          const [expected, actual] = await Promise.all([
            listAll(steady, tokens[0] ?? []),
            listAll(restarted, tokens[1] ?? []),
          ]);
          expect(actual.timeless).toBe(expected.timeless);
          tokens = [expected.tokens, actual.tokens];
        };
        await compare();
        for (const each of steps)
          if (each.do === 'restart') {
            await restarted.close();
            restarted = await open();
          } else if (each.do === 'sync') await compare();
          else if (each.do === 'setting')
            await both(async ({ store }) => store.setSetting(ADA, 'locale', each.value));
          else if (each.do === 'share') {
            const requestBody = { role: each.role, scope: { type: 'user', value: BOB } };
            await both(({ url }) => clientOf(url, ADA).acl.insert({ calendarId, requestBody }));
          } else await both(({ url }) => perform(clientOf(url, ADA), each));
        await compare();
      } finally {
        await restarted.close();
      }
    }),
    { numRuns: 25, seed: 20_300_102 },
  );
});

test('a channel, the clock and generated ids go on where they were; faults and the journal do not', async () => {
  const first = await open();
  const ada = clientOf(first.url, ADA);
  const { data: made } = await ada.events.insert({ calendarId, requestBody: day });
  await ada.events.watch({
    calendarId,
    requestBody: { id: 'kept', type: 'web_hook', address: receiver.url },
  });
  await first.settle();
  first.clock.advance(3_600_000);
  first.faults.add({ on: 'request', effect: { do: 'fail', status: 503 } });
  const before = first.channels.find('kept');
  await first.close();

  await using second = await open();
  expect(second.channels.find('kept')).toEqual(before);
  expect(second.clock.offset()).toBe(3_600_000);
  expect(second.faults.list()).toEqual([]);
  expect(second.journal.requests()).toEqual([]);
  const again = clientOf(second.url, ADA);
  const { data: next } = await again.events.insert({ calendarId, requestBody: day });
  expect(next.id).not.toBe(made.id);
  await second.settle();
  const received = receiver.received.filter(({ channelId }) => channelId === 'kept');
  expect(received.map(({ state: kind }) => kind)).toEqual(['sync', 'exists']);
  expect(received[1]?.number).toBeGreaterThan(before?.lastNumber ?? Infinity);
});

test('the seed is applied once, and again by a reset', async () => {
  const initial = { users: [{ email: ADA, calendars: [{ id: 'team', summary: 'Team' }] }] };
  const first = await startCalendarEmulator({ state, initial });
  const { data } = await clientOf(first.url, ADA).calendars.patch({
    calendarId: 'team',
    requestBody: { summary: 'Crew' },
  });
  expect(data.summary).toBe('Crew');
  await first.close();
  await using second = await startCalendarEmulator({ state, initial });
  const client = clientOf(second.url, ADA);
  expect((await client.calendars.get({ calendarId: 'team' })).data.summary).toBe('Crew');
  await second.reset();
  expect((await client.calendars.get({ calendarId: 'team' })).data.summary).toBe('Team');
});

test('a change is in the file soon, without a regular end', async () => {
  await using emulator = await open();
  await clientOf(emulator.url, ADA).events.insert({ calendarId, requestBody: { ...day, summary: 'Soon' } });
  await vi.waitFor(async () => expect(await readFile(state, 'utf8')).toContain('"summary":"Soon"'), 10_000);
});

test('a damaged file is kept under a new name, which is printed, and the emulator starts with its seed', async () => {
  await writeFile(state, 'not a state');
  const printed: string[] = [];
  const stderr = vi
    .spyOn(process.stderr, 'write')
    .mockImplementation((text) => printed.push(String(text)) > 0);
  const initial = { users: [{ email: ADA, calendars: [{ id: 'team', summary: 'Team' }] }] };
  await using emulator = await startCalendarEmulator({ state, initial });
  stderr.mockRestore();
  const kept = (await readdir(folder)).find((name) => name.includes('.damaged-')) ?? '';
  expect(printed.join('')).toContain(join(folder, kept));
  expect(await readFile(join(folder, kept), 'utf8')).toBe('not a state');
  expect(emulator.store.calendars.has('team')).toBe(true);
});

test('a file that is in use, or in a folder that does not exist, is an error that says what to do', async () => {
  const first = await open();
  await expect(open()).rejects.toThrow(`${state} is in use by another emulator of this process`);
  const missing = join(folder, 'missing', 'state.json');
  await expect(startCalendarEmulator({ state: missing })).rejects.toThrow(/choose a file in a folder/);
  await first.close();
});

test('the file is free again after a start that failed', async () => {
  await expect(startCalendarEmulator({ state, initial: { users: [{ email: 'ada' }] } })).rejects.toThrow(/./);
  expect(existsSync(state)).toBe(false);
  await (await open()).close();
});

test('the clock starts at the time that is given, or goes on as the file says', async () => {
  await using past = await startCalendarEmulator({ clock: '2020-02-29T12:00:00Z' });
  const { data } = await clientOf(past.url, ADA).events.insert({ calendarId, requestBody: day });
  expect(data.created).toMatch(/^2020-02-29T12:0/);
  await (await startCalendarEmulator({ state, clock: '+2h' })).close();
  const second = await open();
  expect(Math.round(second.clock.offset() / 60_000)).toBe(120);
  await second.close();
  await using third = await startCalendarEmulator({ state, clock: '+1d' });
  expect(Math.round(third.clock.offset() / 60_000)).toBe(24 * 60);
});

test('a token that is older than the file of another emulator is answered 410', async () => {
  const first = await open();
  const { tokens } = await listAll(first, []);
  await first.close();
  await rm(state);
  await using second = await open();
  const list = clientOf(second.url, ADA).events.list({ calendarId, syncToken: tokens[0] ?? '' });
  expect(await refusal(list)).toMatchObject({ status: 410, reason: 'fullSyncRequired' });
});
