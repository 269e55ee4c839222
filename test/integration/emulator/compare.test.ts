import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { runCompare } from '../../../infra/emulator/compare/run.ts';
import { STEPS } from '../../../infra/emulator/compare/script/index.ts';
import { startCalendarEmulator } from '../../../infra/emulator/server.ts';
import { CalendarError, type Route } from '../../../infra/emulator/protocol/http.ts';
import type { CalendarEmulator, CalendarEmulatorOptions } from '../../../infra/emulator/types.ts';

const ADA = 'ada@example.com';
let running: CalendarEmulator[] = [];
let printed = '';
let complained = '';
let etags = 0;

beforeEach(() => {
  printed = '';
  complained = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => ((printed += String(text)), true));
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => ((complained += String(text)), true));
});

afterEach(async () => {
  vi.restoreAllMocks();
  await Promise.all(running.map((emulator) => emulator.close()));
  running = [];
});

async function start(options: CalendarEmulatorOptions = {}): Promise<CalendarEmulator> {
  const emulator = await startCalendarEmulator(options);
  running.push(emulator);
  return emulator;
}

/** Compares an emulator that the command starts with this one. */
const compareWith = (right: CalendarEmulator, ...more: string[]): Promise<number> =>
  runCompare(['--right', right.url, '--right-token', ADA, ...more], 1);

const calendarsOf = ({ store }: CalendarEmulator): string[] =>
  [...store.calendars.values()].filter(({ deleted }) => !deleted).map(({ id }) => id);

test('two emulators do not differ', async () => {
  expect(await compareWith(await start({ randomSeed: 7 }))).toBe(0);
  expect(printed).toContain(`no differences in ${STEPS.length} calls`);
  expect(complained).toBe('');
});

test('the calendars of the account are not touched, and those of the script are deleted', async () => {
  const emulator = await start({
    initial: {
      users: [{ email: ADA, calendars: [{ summary: 'Mine' }] }],
    },
  });
  const before = calendarsOf(emulator);
  expect(await compareWith(emulator)).toBe(0);
  expect(calendarsOf(emulator)).toEqual(before);
  const touched = emulator.journal
    .requests()
    .filter(({ path }) => before.some((id) => decodeURIComponent(path).includes(id)));
  expect(touched).toEqual([]);
});

type Handle = Route['handle'];

/** Returns the options of an emulator that answers a method in another way. */
const altered = (id: string, alter: (next: Handle) => Handle): CalendarEmulatorOptions => ({
  routes: (routes) =>
    routes.map((route) =>
      route.id === id ? { ...route, handle: alter((call) => route.handle(call)) } : route,
    ),
});

/** Answers with other fields. */
const withFields =
  (fields: () => object) =>
  (next: Handle): Handle =>
  async (call) => {
    const answer = await next(call);
    return { ...answer, body: { ...Object(answer.body), ...fields() } };
  };

const refused = (reason: string) => (): Handle => () => {
  throw new CalendarError(404, { domain: 'global', reason, message: 'Not Found' });
};

describe('a server that differs is found out', () => {
  test.each<[string, string, (next: Handle) => Handle, string]>([
    [
      'by a status',
      'calendar.events.delete',
      (next) => async (call) => ({ ...(await next(call)), status: 200 }),
      'a deleted event (DELETE /calendars/{calendar}/events/{event}?sendUpdates=none)\n  status: left 204, right 200\n',
    ],
    [
      'by a reason',
      'calendar.channels.stop',
      refused('channelNotFound'),
      'the end of a channel that does not exist (POST /channels/stop)\n  reason: left notFound, right channelNotFound\n',
    ],
    [
      'by a field that it has',
      'calendar.calendars.get',
      withFields(() => ({ colour: 'red' })),
      'a calendar (GET /calendars/{calendar})\n  field colour: left none, right text\n',
    ],
    [
      'by a field that it does not have',
      'calendar.events.insert',
      withFields(() => ({ iCalUID: undefined })),
      '\n  field iCalUID: left text, right none\n',
    ],
    [
      'by a type',
      'calendar.events.get',
      withFields(() => ({ sequence: '0' })),
      '\n  type sequence: left number, right digits\n',
    ],
    [
      'by a word of the API',
      'calendar.events.move',
      withFields(() => ({ status: 'tentative' })),
      '\n  value status: left confirmed, right tentative\n',
    ],
    [
      'by a rule',
      'calendar.events.patch',
      withFields(() => ({ etag: `"${(etags += 1)}"` })),
      '\n  rule change the etag: left false, right true\n',
    ],
  ])('%s', async (_, id, alter, shown) => {
    expect(await compareWith(await start(altered(id, alter)))).toBe(1);
    expect(printed).toContain(shown);
    expect(printed).toMatch(/\n\d+ differences in \d+ of \d+ calls\n$/);
  });
});

test('what differs in several calls is summed up at the end', async () => {
  const alter = withFields(() => ({ sequence: '0' }));
  expect(await compareWith(await start(altered('calendar.events.get', alter)))).toBe(1);
  const [, calls = ''] =
    /\nIn several calls:\n  type sequence: left number, right digits \((\d+) calls\)\n/.exec(printed) ?? [];
  expect(printed.match(/^  type sequence: left number, right digits$/gm)).toHaveLength(Number(calls));
});

test('the differences are written as JSON', async () => {
  const right = await start(
    altered(
      'calendar.calendars.get',
      withFields(() => ({ colour: 'red' })),
    ),
  );
  const report = join(mkdtempSync(join(tmpdir(), 'compare-')), 'report.json');
  expect(await compareWith(right, '--report', report)).toBe(1);
  expect(JSON.parse(readFileSync(report, 'utf8'))).toMatchObject({
    left: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
    right: right.url,
    calls: STEPS.length,
    differences: expect.arrayContaining([
      { step: 'a calendar', call: 'GET /calendars/{calendar}', kind: 'field', of: 'colour', right: 'text' },
    ]),
  });
});

test('both servers can be given, with or without the path of the API, and a token in a file', async () => {
  const [left, right] = [await start(), await start({ randomSeed: 2 })];
  const file = join(mkdtempSync(join(tmpdir(), 'compare-')), 'token');
  writeFileSync(file, `${ADA}\n`);
  const args = ['--left', `${left.url}/`, '--left-token', `@${file}`, '--right', `${right.url}/calendar/v3`];
  expect(await runCompare(args)).toBe(0);
  expect(left.journal.requests({ user: ADA }).length).toBeGreaterThan(STEPS.length - 3);
});

test('a call is repeated while the server asks for patience', async () => {
  const right = await start();
  const busy = { status: 403, reason: 'userRateLimitExceeded' };
  right.faults.add({
    on: 'request',
    match: { method: 'calendar.colors.get' },
    times: 2,
    effect: { do: 'fail', ...busy },
  });
  expect(await compareWith(right)).toBe(0);
  expect(right.journal.requests({ method: 'calendar.colors.get' })).toHaveLength(3);
  expect(complained).toBe(
    [1, 2].map((ms) => `${right.url} answers 403 to GET /colors: next attempt in ${ms / 1000} s\n`).join(''),
  );
});

describe('what goes wrong ends with exit code 2', () => {
  test('a server that goes away in the middle: what was made is deleted on both', async () => {
    const [left, right] = [await start(), await start()];
    right.faults.add({
      on: 'request',
      match: { method: 'calendar.colors.get' },
      times: 1,
      effect: { do: 'hangUp', when: 'before' },
    });
    expect(await compareWith(right, '--left', left.url)).toBe(2);
    expect(complained).toContain(`${right.url} cannot be reached`);
    expect([...calendarsOf(left), ...calendarsOf(right)]).toEqual(['compare@example.com', ADA]);
  });

  test.each([
    [400, 'does not let this account create a calendar: 400 '],
    [401, 'rejects the token: give one that has not expired: 401 '],
    [403, 'the token needs the scope https://www.googleapis.com/auth/calendar: 403 '],
    [404, 'has no Calendar API at /calendar/v3: give the root URL of a server that has: 404 '],
  ])('an account or a server that cannot create calendars, with %i', async (status, reason) => {
    const right = await start();
    right.faults.add({ on: 'request', match: { method: '*.insert' }, effect: { do: 'fail', status } });
    expect(await compareWith(right)).toBe(2);
    expect(complained).toContain(`${right.url} `);
    expect(complained).toContain(reason);
  });

  test('a server that does not answer', async () => {
    const gone = await startCalendarEmulator();
    await gone.close();
    expect(await compareWith(gone)).toBe(2);
    expect(complained).toMatch(/^http:\S+ cannot be reached: fetch failed \(.*ECONNREFUSED.*\)\n$/);
  });

  test('a signal: what was made is deleted first', async () => {
    const right = await start(
      altered('calendar.colors.get', (next) => (call) => {
        process.emit('SIGINT');
        return next(call);
      }),
    );
    expect(await compareWith(right)).toBe(2);
    expect(complained).toContain('interrupted');
    expect(calendarsOf(right)).toEqual([ADA]);
  });

  test.each([
    ['no second server', [], '--right is missing'],
    ['a second server without a scheme', ['--right', 'www.googleapis.com'], "not 'www.googleapis.com'"],
    ['an unknown option', ['--wrong'], "Unknown option '--wrong'"],
    [
      'Google without a token',
      ['--right', 'https://www.googleapis.com', '--yes'],
      '--right-token is missing',
    ],
    [
      'Google without a yes',
      ['--right', 'https://www.googleapis.com', '--right-token', 'secret'],
      'On https://www.googleapis.com, this creates two calendars',
    ],
    [
      'a report that cannot be written',
      ['--right', 'http://127.0.0.1:1', '--report', '/no/such/report.json'],
      '--report: cannot write to the folder of /no/such/report.json',
    ],
    [
      'a token file that does not exist',
      ['--right', 'http://127.0.0.1:1', '--right-token', '@/no/such'],
      '/no/such',
    ],
  ])('%s', async (_, args, reason) => {
    expect(await runCompare(args)).toBe(2);
    expect(complained).toContain(reason);
    expect(complained).toContain('compare --help');
    expect(complained).not.toContain('secret');
  });
});

test('a calendar that cannot be deleted is named', async () => {
  const right = await start(altered('calendar.calendars.delete', refused('notFound')));
  await compareWith(right);
  for (const id of calendarsOf(right).filter((each) => each !== ADA))
    expect(complained).toContain(`not deleted on ${right.url}: the calendar ${id}\n`);
  expect(calendarsOf(right)).toHaveLength(3);
});

test('a calendar that should have been refused is deleted too', async () => {
  const right = await start(
    altered(
      'calendar.calendars.insert',
      (next) => (call) => next({ ...call, body: { summary: 'Made', ...Object(call.body) } }),
    ),
  );
  expect(await compareWith(right)).toBe(1);
  expect(calendarsOf(right)).toEqual([ADA]);
});

test('--help says what is done, and that nothing else is touched', async () => {
  expect(await runCompare(['--help'])).toBe(0);
  expect(printed).toContain('Other calendars are not');
});

test('it is a subcommand of the emulator’s command', async () => {
  const right = await start();
  const main = fileURLToPath(new URL('../../../infra/emulator/main.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [main, 'compare', '--right', right.url]);
  expect(stdout).toContain(`right ${right.url}`);
  expect(stdout).toContain('no differences');
});
