/** `calendar-mirror busy` shows when users are busy, and when all are free. */
import { expect } from 'vitest';
import { cloudTest } from '../support/cloud-test.ts';
import { commandLine, results } from '../support/command-line.ts';
import type { Pipeline } from '../support/pipeline.ts';

const test = cloudTest().extend('cli', { scope: 'file' }, ({ cloud }) =>
  commandLine({ ...cloud.env, TZ: 'Europe/Zurich' }),
);

const PRIMARY = 'calendars/primary/events';
const DAY = ['--from', '2030-01-07T08:00', '--to', '2030-01-07T18:00'];
const at = (hour: string) => `2030-01-07T${hour}:00+01:00`;
const during = (start: string, end: string) => ({
  start: { dateTime: at(start), timeZone: 'Europe/Zurich' },
  end: { dateTime: at(end), timeZone: 'Europe/Zurich' },
});

/** Mirrors a user’s primary calendar until it is synced. */
async function mirrored(cloud: Pipeline, user: string): Promise<string> {
  const watch = await cloud.register({ user, resource: 'events', calendarId: user });
  await cloud.processed(watch);
  return watch;
}

const cells = (stdout: string): readonly (readonly string[])[] =>
  stdout
    .trimEnd()
    .split('\n')
    .map((line) => line.split(/ {2,}/));

test('shows when each user is busy and when all are free, and what is unknown', async ({ cloud, cli }) => {
  const [ana, ben] = [cloud.newUser('ana'), cloud.newUser('ben')];
  // The emulator invites users that have made a call.
  await cloud.as(ben).insert(PRIMARY, during('17:30', '19:00'));
  const daily = { ...during('09:00', '10:00'), recurrence: ['RRULE:FREQ=DAILY'] };
  await cloud.as(ana).insert(PRIMARY, daily);
  await cloud.as(ana).insert(PRIMARY, { ...during('10:00', '10:30'), attendees: [{ email: ben }] });
  await cloud.as(ana).insert(PRIMARY, { ...during('15:00', '16:00'), transparency: 'transparent' });
  await mirrored(cloud, ben);
  const known = ['busy', ana, ben, ...DAY];

  const partly = await cli.run(...known);
  expect(partly).toMatchObject({
    code: 1,
    stderr: `when ${ana} is busy is unknown, as the primary calendar is not mirrored: run calendar-mirror watch ${ana}\n`,
  });
  expect(new Set(cells(partly.stdout).map(([who]) => who))).toEqual(new Set(['user', ben]));

  await mirrored(cloud, ana);
  const { code, stdout, stderr } = await cli.run(...known);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(cells(stdout)).toEqual([
    ['user', 'day', 'time'],
    [ana, 'Mon 2030-01-07', '09:00–10:30 +01:00'],
    [ben, 'Mon 2030-01-07', '10:00–10:30 +01:00'],
    [ben, 'Mon 2030-01-07', '17:30–18:00 +01:00'],
    ['all free', 'Mon 2030-01-07', '08:00–09:00 +01:00'],
    ['all free', 'Mon 2030-01-07', '10:30–17:30 +01:00'],
  ]);
});

test('prints JSON, with null for what is unknown', async ({ cloud, cli }) => {
  const [ana, ben] = [cloud.newUser('ana'), cloud.newUser('ben')];
  await cloud.as(ana).insert(PRIMARY, during('09:00', '10:00'));
  await mirrored(cloud, ana);
  const alone = await cli.run('busy', ana, ...DAY, '--json');
  expect(results(alone)).toEqual([
    { user: ana, busy: [{ startsAt: '2030-01-07T08:00:00.000Z', endsAt: '2030-01-07T09:00:00.000Z' }] },
    {
      free: [
        { startsAt: '2030-01-07T07:00:00.000Z', endsAt: '2030-01-07T08:00:00.000Z' },
        { startsAt: '2030-01-07T09:00:00.000Z', endsAt: '2030-01-07T17:00:00.000Z' },
      ],
    },
  ]);
  const both = await cli.run('busy', ana, ben, ...DAY, '--json');
  expect(both.code).toBe(1);
  const lines = both.stdout
    .trimEnd()
    .split('\n')
    .map((line): unknown => JSON.parse(line));
  expect(lines).toMatchObject([
    { user: ana },
    { user: ben, busy: null, problem: { calendarId: ben, reason: 'notMirrored' } },
    { free: null },
  ]);
});

test('says if users are never free at the same time', async ({ cloud, cli }) => {
  const users = [cloud.newUser('ana'), cloud.newUser('ben')];
  for (const [index, user] of users.entries()) {
    const [start, end] = index === 0 ? (['08:00', '13:00'] as const) : (['12:00', '18:00'] as const);
    await cloud.as(user).insert(PRIMARY, during(start, end));
    await mirrored(cloud, user);
  }
  const { code, stdout, stderr } = await cli.run('busy', ...users, ...DAY);
  expect({ code, stderr }).toEqual({ code: 0, stderr: 'At any time, at least one user is busy.\n' });
  expect(cells(stdout)).toHaveLength(3);
});

test('says that a user is free, and of invalid arguments what is wrong', async ({ cloud, cli }) => {
  const user = cloud.newUser('free');
  await mirrored(cloud, user);
  expect(await cli.run('busy', user, ...DAY)).toEqual({ code: 0, stdout: '', stderr: `${user} is free.\n` });
  expect(await cli.run('busy', 'ana', ...DAY)).toEqual({
    code: 2,
    stdout: '',
    stderr: 'user: must be an email address or "me": see calendar-mirror busy --help\n',
  });
});
