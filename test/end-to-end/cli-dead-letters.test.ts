/** `calendar-mirror dead-letters` lists, replays and deletes what sync could not process, and loses nothing. */
import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { requestMessage } from '../../functions/feed/notification.ts';
import { NAMES } from '../../infra/local/topics.ts';
import type { WatchSpec } from '../../infra/local/watches.ts';
import { cloudTest } from '../support/cloud-test.ts';
import { eventually } from '../support/eventually.ts';
import { results, type CommandLine } from '../support/command-line.ts';
import type { Pipeline } from '../support/pipeline.ts';

const test = cloudTest();

/** Publishes a notification, and waits until sync has dead-lettered it. */
async function publishDeadLetter(
  cloud: Pipeline,
  message: {
    attributes: Record<string, string>;
    data: Buffer;
  },
): Promise<void> {
  const before = cloud.feed.deadLetters.length;
  await cloud.pubsub.topic(NAMES.notifications).publishMessage(message);
  await eventually(() => expect(cloud.feed.deadLetters).toHaveLength(before + 1));
}

const listed = async (cli: CommandLine) => results(await cli.run('dead-letters', 'list', '--json'));

test('an empty list is not a failure', async ({ cli }) => {
  const outcome = await cli.run('dead-letters');
  expect(outcome).toEqual({ code: 0, stdout: '', stderr: 'There are no dead letters.\n' });
});

test('list keeps them, replay processes those that can be, purge deletes the rest', async ({
  cloud,
  cli,
}) => {
  const user = cloud.newUser('dead');
  const spec: WatchSpec = { user, resource: 'events', calendarId: user };
  const watch = await cloud.register(spec);
  await eventually(async () =>
    expect(await cloud.status(watch)).toMatchObject({ state: 'active', sync: {} }),
  );
  await cloud.processed(watch);
  await cloud.firestore.doc(`watches/${watch}`).update({ 'status.state': 'confused' });
  await publishDeadLetter(
    cloud,
    requestMessage({ reason: 'manual', watchId: watch, full: true }, randomUUID(), new Date().toISOString()),
  );
  await publishDeadLetter(cloud, {
    attributes: { watch: 'not an id', reason: 'poll' },
    data: Buffer.from('{}'),
  });

  const { code, stdout } = await cli.run('dead-letters', 'list');
  expect(code).toBe(0);
  expect(stdout).toMatch(/^message +dead since +watch +notification +reason\n/);
  expect(stdout).toMatch(new RegExp(`\n\\d+ .* ${watch} +manual +watches/${watch} has an invalid status`));
  const letters = await listed(cli);
  expect(letters.map((letter) => letter['watch'])).toEqual(expect.arrayContaining([watch, 'not an id']));
  const invalid = String(letters.find((letter) => letter['watch'] === 'not an id')?.['id']);

  await cloud.firestore.doc(`watches/${watch}`).update({ 'status.state': 'active' });
  const replayed = await cli.run('dead-letters', 'replay');
  expect(replayed.code).toBe(1);
  expect(replayed.stdout).toMatch(/^\d+\n$/);
  expect(replayed.stderr).toMatch(
    new RegExp(
      `^${invalid} stays: .*invalid watch id\n1 of 2 replayed\\.\n1 cannot be replayed: .*purge ${invalid}`,
    ),
  );
  await eventually(() => {
    const synced = cloud.logs.filter(
      ({ message, fields }) =>
        message === 'synced' &&
        fields['watch'] === watch &&
        fields['reason'] === 'manual' &&
        fields['kind'] === 'full',
    );
    expect(synced).toHaveLength(1);
  });
  expect((await listed(cli)).map(({ id }) => id)).toEqual([invalid]);

  expect(await cli.run('dead-letters', 'purge', '1')).toMatchObject({ code: 2 });
  expect(await cli.run('dead-letters', 'purge', '1', '--yes')).toMatchObject({
    code: 1,
    stderr: 'no dead letter has the id 1: run calendar-mirror dead-letters list\n',
  });
  expect(await cli.run('dead-letters', 'purge', invalid, '--yes')).toEqual({
    code: 0,
    stdout: `${invalid}\n`,
    stderr: '1 deleted.\n',
  });
  expect(await listed(cli)).toEqual([]);
});

test('without the subscription, the error says how to create it', async ({ cli }) => {
  const { code, stderr } = await cli.run('dead-letters', 'list', '--subscription', 'no-such-thing');
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /^the subscription no-such-thing does not exist: run gcloud pubsub subscriptions create no-such-thing [^\n]*\n$/,
  );
  const foreign = 'projects/another/subscriptions/no-such-thing';
  expect((await cli.run('dead-letters', '--subscription', foreign)).stderr).toContain(foreign);
  expect(await cli.run('dead-letters', '--subscription', 'a/b')).toMatchObject({ code: 2 });
});
