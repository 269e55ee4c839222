/** `calendar-mirror status` shows one watch, or what is wrong with any. */
import { expect } from 'vitest';
import { scheduledCloudTest } from '../support/cloud-test.ts';
import { results } from '../support/command-line.ts';
import { eventually } from '../support/eventually.ts';
import { fieldOf, watchedEvents } from '../support/watched-events.ts';

const test = scheduledCloudTest();

test.concurrent('shows state, channel, last sync and items of one watch', async ({ cloud, cli }) => {
  const { watch, user } = await watchedEvents(cloud);
  const { code, stdout, stderr } = await cli.run('status', watch);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(
    new RegExp(`^watch +${watch}\nuser +${user}\nresource +events\ncalendar +${user}\nstate +active\n`),
  );
  expect(stdout).toMatch(
    /\nchannel +[\w-]+, ends in 6 d \(.* [+-]\d\d:\d\d\)\nlast sync +\d+ (?:s|min) ago \(.* [+-]\d\d:\d\d\)\n.*\nitems +1\nsequence +1\n/s,
  );
  const [json] = results(await cli.run('status', watch, '--json'));
  expect(json).toMatchObject({
    id: watch,
    state: 'active',
    items: 1,
    sequence: 1,
    removed: null,
    failures: 0,
  });
});

test.concurrent('without a watch counts the states, and lists watches with problems', async ({
  cloud,
  cli,
}) => {
  const user = cloud.newUser('cli');
  const broken = `broken-${user.split('@')[0] ?? ''}`;
  await cloud.firestore.doc(`watches/${broken}`).set({ spec: { user }, nextDueAt: new Date() });
  await eventually(async () => expect(await fieldOf(cloud, broken, 'status.reason')).toBe('invalidSpec'));
  const { code, stdout } = await cli.run('status');
  expect(code).toBe(0);
  expect(stdout).toMatch(
    new RegExp(`^state +watches\n.*paused +\\d+\n.*Problems\n.*${broken} .*paused \\(invalidSpec\\)`, 's'),
  );
  expect((await cli.run('status', broken)).stdout).toMatch(/\nreason +spec\.resource: /);
  await cloud.firestore.doc(`watches/${broken}`).delete();
});

test.concurrent('fails for a watch that does not exist, and says how to list them', async ({ cli }) => {
  expect(await cli.run('status', 'never-was')).toEqual({
    code: 1,
    stdout: '',
    stderr: 'the watch never-was does not exist: run calendar-mirror list\n',
  });
});
