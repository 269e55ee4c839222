/** `calendar-mirror dead-letters`: what sync could not process is seen, processed after all or forgotten, and never lost. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { requestMessage } from '../../functions/feed/notification.ts';
import { NAMES } from '../../infra/local/topics.ts';
import type { WatchSpec } from '../../infra/local/watches.ts';
import { eventually } from '../support/cloud.ts';
import { commandLine, results, type CommandLine } from '../support/command-line.ts';
import { startPipeline, type Pipeline } from '../support/pipeline.ts';

let cloud: Pipeline;
let cli: CommandLine;

beforeAll(async () => {
  cloud = await startPipeline();
  cli = commandLine(cloud.env);
});
afterAll(() => cloud[Symbol.asyncDispose]());

/** Publishes a notification, and waits until sync has put it aside. */
async function bury(message: { attributes: Record<string, string>; data: Buffer }): Promise<void> {
  const before = cloud.feed.deadLetters.length;
  await cloud.pubsub.topic(NAMES.notifications).publishMessage(message);
  await eventually(() => expect(cloud.feed.deadLetters).toHaveLength(before + 1));
}

const listed = async () => results(await cli.run('dead-letters', 'list', '--json'));

test('without any there is nothing to list, and that is no failure', async () => {
  const outcome = await cli.run('dead-letters');
  expect(outcome).toEqual({ code: 0, stdout: '', stderr: 'There are no dead letters.\n' });
});

test('they are listed and stay; what is mended is processed after all, and the rest stays until it is purged', async () => {
  const user = cloud.newUser('dead');
  const spec: WatchSpec = { user, resource: 'events', calendarId: user };
  const watch = await cloud.register(spec);
  await eventually(async () =>
    expect(await cloud.status(watch)).toMatchObject({ state: 'active', sync: {} }),
  );
  await cloud.processed(watch);
  await cloud.firestore.doc(`watches/${watch}`).update({ 'status.state': 'confused' });
  await bury(
    requestMessage({ reason: 'manual', watchId: watch, full: true }, randomUUID(), new Date().toISOString()),
  );
  await bury({ attributes: { watch: 'not an id', reason: 'poll' }, data: Buffer.from('{}') });

  const { code, stdout } = await cli.run('dead-letters', 'list');
  expect(code).toBe(0);
  expect(stdout).toMatch(/^message +dead since +watch +notification +why\n/);
  expect(stdout).toMatch(
    new RegExp(`\n\\d+ .* ${watch} +manual +watches/${watch} has a status that cannot be read`),
  );
  const letters = await listed();
  expect(letters.map((letter) => letter['watch'])).toEqual(expect.arrayContaining([watch, 'not an id']));
  const hopeless = String(letters.find((letter) => letter['watch'] === 'not an id')?.['id']);

  await cloud.firestore.doc(`watches/${watch}`).update({ 'status.state': 'active' });
  const replayed = await cli.run('dead-letters', 'replay');
  expect(replayed.code).toBe(1);
  expect(replayed.stdout).toMatch(/^\d+\n$/);
  expect(replayed.stderr).toMatch(
    new RegExp(
      `^${hopeless} stays: .*impossible watch id\n1 of 2 replayed\\.\n1 cannot be replayed: .*purge ${hopeless}`,
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
  expect((await listed()).map(({ id }) => id)).toEqual([hopeless]);

  expect(await cli.run('dead-letters', 'purge', '1')).toMatchObject({ code: 2 });
  expect(await cli.run('dead-letters', 'purge', '1', '--yes')).toMatchObject({
    code: 1,
    stderr: 'there is no dead letter 1: run calendar-mirror dead-letters list\n',
  });
  expect(await cli.run('dead-letters', 'purge', hopeless, '--yes')).toEqual({
    code: 0,
    stdout: `${hopeless}\n`,
    stderr: '1 purged.\n',
  });
  expect(await listed()).toEqual([]);
});

test('without a subscription to read them from, a command says how to make one', async () => {
  const { code, stderr } = await cli.run('dead-letters', 'list', '--subscription', 'no-such-thing');
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /^there is no subscription no-such-thing: run gcloud pubsub subscriptions create no-such-thing [^\n]*\n$/,
  );
});
