/** `watch --follow`, as a process, on the deployed functions. */
import { expect } from 'vitest';
import { watchIdOf } from '../../functions/watches/watch-id.ts';
import { scheduledCloudTest } from '../support/cloud-test.ts';
import { eventually } from '../support/eventually.ts';
import { results } from '../support/command-line.ts';

const test = scheduledCloudTest();

test('a calendar list is followed, shown, partly unwatched, and unwatched', async ({ cloud, cli }) => {
  const user = cloud.newUser('cli');
  const { id: team } = await cloud.as(user).insert('calendars', { summary: 'Team' });
  const follower = watchIdOf({ user, resource: 'calendarList' });
  const [own, other] = [user, team].map((calendarId) => watchIdOf({ user, resource: 'events', calendarId }));

  const followed = await cli.run('watch', user, '--follow', '--json');
  expect(results(followed)).toMatchObject([
    { id: follower, resource: 'calendarList', follow: { role: 'reader', resources: ['events'] } },
  ]);
  expect(followed.stderr).toContain(`${follower} follows 2 watches.\n`);

  const list = results(await cli.run('list', '--json'));
  const those = list.filter((each) => each['followedBy'] === follower).map(({ id }) => id);
  expect(new Set(those)).toEqual(new Set([own, other]));
  expect((await cli.run('list')).stdout).toMatch(
    new RegExp(`follows *\n(?:.*\n)*${String(own)} .* by ${follower}`),
  );
  expect((await cli.run('status', follower)).stdout).toMatch(/\nfollows +2 watches, from reader up\n/);
  expect((await cli.run('status', String(own))).stdout).toMatch(new RegExp(`\nfollowed by +${follower}\n`));

  // Without --follow the watch keeps following; watches that were removed by hand stay removed.
  expect((await cli.run('watch', user, '--resource', 'calendarList')).code).toBe(0);
  expect((await cli.run('unwatch', String(other), '--yes')).code).toBe(0);
  expect(results(await cli.run('status', follower, '--json'))).toMatchObject([
    { follow: { role: 'reader' }, follows: 1 },
  ]);
  expect((await cli.run('unwatch', follower, '--yes')).code).toBe(0);
  await eventually(async () => {
    const left = results(await cli.run('list', '--json')).filter((each) => each['user'] === user);
    expect(left.map(({ state }) => state)).toEqual(['removed', 'removed', 'removed']);
  });
});
