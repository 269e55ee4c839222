/** `calendar-mirror replay` of several watches, side by side and during edits. */
import { expect } from 'vitest';
import { NAMES } from '../../infra/local/topics.ts';
import { cloudTest } from '../support/cloud-test.ts';
import { results } from '../support/command-line.ts';
import { createCopy } from '../support/copy.ts';
import { eventually } from '../support/eventually.ts';
import { follow, freshTopic, mirrored, readTopic } from '../support/fresh-consumer.ts';
import type { Pipeline } from '../support/pipeline.ts';
import { isDeletable, SUBJECTS, watchSubject } from '../support/subjects.ts';
import { eventsOf, insertEvent, watchedEvents } from '../support/watched-events.ts';

const test = cloudTest();

/** Writes a watch that renew does not look at. */
const pending = (cloud: Pipeline, id: string, user: string) =>
  cloud.firestore.doc(`watches/${id}`).set({ spec: eventsOf(user), nextDueAt: new Date('2099-01-01') });

test('all watches are replayed during edits, and a consumer that lost messages ends with what is mirrored', async ({
  cloud,
  cli,
}) => {
  const watched = await Promise.all(SUBJECTS.map((subject) => watchSubject(cloud, subject)));
  await pending(cloud, 'never-synced', cloud.newUser());
  const copy = createCopy();
  for (const each of watched) follow(cloud, each, copy);
  const edit = async (round: number): Promise<void> => {
    await Promise.all(
      watched.map(async ({ user, items }, index) => {
        const subject = SUBJECTS[index];
        if (subject === undefined) return;
        await subject.edit(cloud, user, items[0], round);
        if (round === 1 && isDeletable(subject)) await subject.remove(cloud, user, items[1]);
        await subject.insert(cloud, user);
      }),
    );
    await Promise.all(watched.map(({ watch }) => cloud.processed(watch)));
  };
  // These are lost to the consumer.
  await edit(1);
  expect(copy.items()).not.toEqual(await mirrored(cloud, watched));

  await using live = await readTopic(cloud.pubsub, NAMES.changes, 'live-again');
  await using fresh = await freshTopic(cloud.pubsub, 'all-watches');
  const [outcome] = await Promise.all([
    cli.run('replay', '--all', '--topic', fresh.topic, '--json'),
    edit(2),
  ]);
  expect(outcome).toMatchObject({ code: 0 });
  expect(outcome.stderr).toContain('never-synced: nothing is mirrored yet, passed over\n');
  await cloud.untilTrue();
  const replayed = results(outcome);
  expect(new Set(replayed.map(({ replay }) => replay)).size).toBe(1);
  expect(replayed.map(({ watch }) => watch)).toEqual(
    expect.arrayContaining(watched.map(({ watch }) => watch)),
  );
  await eventually(async () => {
    for (const message of [...fresh.received, ...fresh.endings, ...live.received]) copy.receive(message);
    expect(fresh.endings).toHaveLength(replayed.length);
    expect(copy.items()).toEqual(await mirrored(cloud, watched));
  });
  for (const { watch, items, sequence } of replayed)
    expect(copy.ends(String(watch))).toMatchObject([{ count: items, sequence }]);

  expect(await cli.run('replay', 'never-synced', '--topic', fresh.topic)).toEqual({
    code: 0,
    stdout: '0 items published to all-watches.\n',
    stderr: 'never-synced: nothing is mirrored yet, passed over\n',
  });
});

test('--user and --resource select watches, and something else is a usage error', async ({ cloud, cli }) => {
  const user = cloud.newUser('selected');
  await insertEvent(cloud, user);
  const events = await cloud.register(eventsOf(user));
  const list = await cloud.register({ user, resource: 'calendarList' });
  await Promise.all([events, list].map((watch) => cloud.processed(watch)));
  await using fresh = await freshTopic(cloud.pubsub, 'selected-watches');
  const replay = (...options: readonly string[]) => cli.run('replay', ...options, '--topic', fresh.topic);
  const of = async (...options: readonly string[]) =>
    results(await replay(...options, '--json')).map(({ watch }) => watch);
  expect(new Set(await of('--user', user))).toEqual(new Set([events, list]));
  expect(await of('--user', user, '--resource', 'calendarList,settings')).toEqual([list]);
  expect(await replay('--user', 'eve@example.com')).toMatchObject({
    code: 1,
    stderr: 'no watch matches: run calendar-mirror list\n',
  });
  for (const wrong of [[], [events, '--all'], ['--all', '--user', user], ['--resume', 'x']])
    expect(await replay(...wrong)).toMatchObject({ code: 2, stdout: '' });
  const none = await cli.run('replay', '--resume', '00000000-0000-4000-8000-000000000000');
  expect(none).toMatchObject({ code: 1, stderr: expect.stringMatching(/^no replay .* was interrupted/) });
  expect(fresh.endings).toHaveLength(3);
});

test('a removed watch is replayed with what is kept of it, or as empty, so that consumers drop what is gone', async ({
  cloud,
  cli,
}) => {
  const [kept, purged] = [await watchedEvents(cloud), await watchedEvents(cloud)];
  const copy = createCopy();
  for (const each of [kept, purged]) follow(cloud, each, copy);
  await cloud.watch(kept.watch, { ...kept.spec, removed: 'keep' });
  await cloud.watch(purged.watch, { ...purged.spec, removed: 'purge' });
  await cloud.renew();
  await eventually(async () => {
    for (const { watch } of [kept, purged]) expect((await cloud.status(watch)).state).toBe('removed');
  });
  await using fresh = await freshTopic(cloud.pubsub, 'removed-watches');
  const outcome = await cli.run(
    'replay',
    '--user',
    kept.user,
    '--user',
    purged.user,
    '--topic',
    fresh.topic,
    '--json',
  );
  expect(results(outcome).toSorted((a, b) => Number(b['items']) - Number(a['items']))).toMatchObject([
    { watch: kept.watch, items: 1, sequence: 1 },
    { watch: purged.watch, items: 0, sequence: 2 },
  ]);
  await eventually(async () => {
    for (const message of [...fresh.received, ...fresh.endings]) copy.receive(message);
    expect(copy.items()).toEqual(await mirrored(cloud, [kept]));
  });
});
