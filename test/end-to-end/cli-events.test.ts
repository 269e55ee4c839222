/** `calendar-mirror events` shows the events of the mirror. */
import { expect } from 'vitest';
import { cloudTest } from '../support/cloud-test.ts';
import { eventually } from '../support/eventually.ts';
import { commandLine, results } from '../support/command-line.ts';
import type { Pipeline } from '../support/pipeline.ts';

// A path, as POSIX allows (F25).
const test = cloudTest().extend('cli', { scope: 'file' }, ({ cloud }) =>
  commandLine({ ...cloud.env, TZ: ':/usr/share/zoneinfo/UTC' }),
);

const PRIMARY = 'calendars/primary/events';
const WEEK = ['--from', '2030-01-07', '--to', '2030-01-13'];
const on = (day: number, hour: number) => ({
  start: { dateTime: `2030-01-${String(day).padStart(2, '0')}T${String(hour)}:00:00Z`, timeZone: 'UTC' },
  end: { dateTime: `2030-01-${String(day).padStart(2, '0')}T${String(hour)}:30:00Z`, timeZone: 'UTC' },
});

/** Returns an hour at noon, some days from today. */
function noon(days: number) {
  const day = new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
  return { start: { dateTime: `${day}T12:00:00Z` }, end: { dateTime: `${day}T13:00:00Z` } };
}

/** Creates a daily series with a moved occurrence, and an event of two days. */
async function busy(cloud: Pipeline): Promise<string> {
  const user = cloud.newUser('agenda');
  const api = cloud.as(user);
  const daily = { summary: 'Stand-up', ...on(7, 10), recurrence: ['RRULE:FREQ=DAILY;COUNT=3'] };
  const { id } = await api.insert(PRIMARY, daily);
  await api.patch(`${PRIMARY}/${id}_20300108T100000Z`, on(8, 15));
  await api.insert(PRIMARY, {
    summary: 'Fair',
    start: { date: '2030-01-09' },
    end: { date: '2030-01-11' },
  });
  return user;
}

async function mirrored(cloud: Pipeline, user: string, calendarId: string, items: number): Promise<void> {
  const watch = await cloud.register({ user, resource: 'events', calendarId });
  await eventually(() => expect(cloud.history(watch)).toHaveLength(items));
  await cloud.processed(watch);
}

test('shows moved occurrences, all-day events by their dates, and all calendars in one order', async ({
  cloud,
  cli,
}) => {
  const user = await busy(cloud);
  const { id: team } = await cloud.as(user).insert('calendars', { summary: 'Team', timeZone: 'UTC' });
  await cloud.as(user).insert(`calendars/${team}/events`, { summary: 'Lunch', ...on(8, 12) });
  await mirrored(cloud, user, user, 3);
  await mirrored(cloud, user, team, 1);

  const { code, stdout, stderr } = await cli.run('events', user, ...WEEK);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(
    stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.split(/ {2,}/)),
  ).toEqual([
    ['day', 'time', 'title', 'calendar'],
    ['Mon 2030-01-07', '10:00–10:30 +00:00', 'Stand-up', user],
    ['Tue 2030-01-08', '12:00–12:30 +00:00', 'Lunch', team],
    ['Tue 2030-01-08', '15:00–15:30 +00:00', 'Stand-up', user],
    ['Wed 2030-01-09', 'all day to Thu 2030-01-10', 'Fair', user],
    ['Wed 2030-01-09', '10:00–10:30 +00:00', 'Stand-up', user],
  ]);

  const only = results(await cli.run('events', user, ...WEEK, '--calendar', 'primary', '--json'));
  expect(only.map(({ calendarId, startsAt }) => [calendarId, startsAt])).toEqual([
    [user, '2030-01-07T10:00:00.000Z'],
    [user, '2030-01-08T15:00:00.000Z'],
    [user, '2030-01-09T00:00:00.000Z'],
    [user, '2030-01-09T10:00:00.000Z'],
  ]);
  const after = await cli.run('events', user, '--from', '2030-01-12');
  expect(after).toEqual({ code: 0, stdout: '', stderr: 'No events.\n' });

  const unknown = await cli.run('events', user, '--calendar', 'other@example.com');
  expect(unknown).toEqual({
    code: 1,
    stdout: '',
    stderr: `the calendar other@example.com of ${user} is not mirrored: run calendar-mirror watch ${user} --calendar other@example.com\n`,
  });
});

test('shows a week from today by default', async ({ cloud, cli }) => {
  const user = cloud.newUser('agenda');
  for (const days of [-2, 2, 12]) {
    await cloud.as(user).insert(PRIMARY, { summary: `in ${days} days`, ...noon(days) });
  }
  await mirrored(cloud, user, user, 3);
  const found = results(await cli.run('events', user, '--json'));
  expect(found).toMatchObject([{ calendarId: user, event: { summary: 'in 2 days' } }]);
});

test('without mirrored calendars, the error says how to watch, or which watch is not mirrored yet', async ({
  cloud,
  cli,
}) => {
  const user = cloud.newUser('new');
  expect(await cli.run('events', user)).toEqual({
    code: 1,
    stdout: '',
    stderr: `no calendars of ${user} are mirrored: run calendar-mirror watch ${user}\n`,
  });
  const watch = `new-${user.split('@')[0] ?? ''}`;
  await cloud.watch(watch, { user, resource: 'events', calendarId: user });
  expect(await cli.run('events', user)).toEqual({
    code: 1,
    stdout: '',
    stderr: `nothing is mirrored for ${user} yet: run calendar-mirror status ${watch}\n`,
  });
});
