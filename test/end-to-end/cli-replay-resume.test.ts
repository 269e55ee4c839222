/** `calendar-mirror replay --resume`: what is left of a replay of several watches that failed or was interrupted. */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { cloudTest } from '../support/cloud-test.ts';
import { commandLine, results } from '../support/command-line.ts';
import { createCopy } from '../support/copy.ts';
import { eventually } from '../support/eventually.ts';
import { follow, freshTopic, mirrored } from '../support/fresh-consumer.ts';
import { collectionOf, type Pipeline } from '../support/pipeline.ts';
import { insertEvent, PRIMARY, watchedEvents } from '../support/watched-events.ts';

const test = cloudTest().extend('resumable', { scope: 'file' }, async ({ cloud }, { onCleanup }) => {
  const folder = await mkdtemp(join(tmpdir(), 'replays-'));
  onCleanup(() => rm(folder, { recursive: true }));
  return {
    cli: commandLine({ ...cloud.env, XDG_STATE_HOME: folder }),
    /** Returns the names of the files of replays that are not complete. */
    records: () => readdir(join(folder, 'calendar-mirror', 'replays')),
  };
});

type Watched = Awaited<ReturnType<typeof watchedEvents>>;

test('a watch that fails does not hold up the others, and --resume replays only that one', async ({
  cloud,
  resumable: { cli, records },
}) => {
  const [good, bad] = [await watchedEvents(cloud), await watchedEvents(cloud)];
  const document = cloud.firestore.doc(`${collectionOf(bad.spec)}/${bad.id}`);
  await document.update({ sequence: 99 });
  await using fresh = await freshTopic(cloud.pubsub, 'failing-watch');
  const users = ['--user', good.user, '--user', bad.user];
  const failed = await cli.run('replay', ...users, '--topic', fresh.topic, '--json');
  expect(failed.code).toBe(1);
  expect(results(failed)).toMatchObject([{ watch: good.watch }]);
  const [, replay = ''] =
    /\n1 of 2 watches replayed: run calendar-mirror replay --resume (\S+)\n {2}(?<failure>.*)\n$/.exec(
      failed.stderr,
    ) ?? [];
  expect(await records()).toEqual([`${replay}.jsonl`]);

  await document.update({ sequence: 1 });
  const resumed = await cli.run('replay', '--resume', replay);
  expect(resumed).toMatchObject({ code: 0, stdout: '1 items published to failing-watch.\n' });
  expect(resumed.stderr).toContain(`1 of 2 watches left of replay ${replay}\n`);
  await eventually(() =>
    expect(fresh.endings.map(({ ended }) => ended.watchId)).toEqual([good.watch, bad.watch]),
  );
  expect(fresh.endings[1]?.ended.replay).not.toBe(replay);
  expect(await records()).toEqual([]);
});

/** Commits of as many documents as the emulator takes at once. */
const MANY = { commits: 3, documents: 500 };
/** The last document of a planted collection, with a sequence that no replay accepts: none ends before its test expects it to. */
const LAST = 'zzz';

/** Writes items into the mirror of a watch, with the sequences after its last. Returns how many there are. */
async function plant(cloud: Pipeline, { watch, spec }: Watched): Promise<number> {
  const last = (await cloud.status(watch)).sync?.sequence ?? 0;
  const write = (id: string, sequence: number) => ({
    document: cloud.firestore.doc(`${collectionOf(spec)}/${id}`),
    fields: { data: { id, status: 'confirmed' }, etag: null, sequence, mirroredAt: new Date() },
  });
  for (let part = 0; part < MANY.commits; part += 1) {
    const batch = cloud.firestore.batch();
    for (let index = 1; index <= MANY.documents; index += 1) {
      const sequence = last + part * MANY.documents + index;
      const { document, fields } = write(`planted${String(sequence)}`, sequence);
      batch.set(document, fields);
    }
    await batch.commit();
  }
  const planted = MANY.commits * MANY.documents;
  await cloud.firestore.doc(`watches/${watch}`).update({ 'status.sync.sequence': last + planted });
  const { document, fields } = write(LAST, last + planted + 1);
  await document.set(fields);
  return planted;
}

test('a replay that is interrupted and killed does no harm, and a consumer ends with what is mirrored', async ({
  cloud,
  resumable: { cli, records },
}) => {
  const [large, small] = [await watchedEvents(cloud), await watchedEvents(cloud)];
  const copy = createCopy();
  follow(cloud, large, copy);
  follow(cloud, small, copy);
  const planted = await plant(cloud, large);
  await cloud.as(small.user).remove(`${PRIMARY}/${small.id}`);
  await insertEvent(cloud, small.user);
  await cloud.processed(small.watch);
  await using fresh = await freshTopic(cloud.pubsub, 'killed-replay');
  const arrived = (count: number) =>
    eventually(() => {
      const replays = fresh.received.filter(({ attributes }) => attributes['watch'] === large.watch);
      expect(new Set(replays.map(({ attributes }) => attributes['replay'])).size).toBe(count);
      expect(fresh.endings.map(({ ended }) => ended.watchId)).toEqual([small.watch]);
    });
  const left = async (): Promise<string> => {
    expect(await records()).toEqual([expect.stringMatching(/\.jsonl$/)]);
    return (await records()).join('').replace('.jsonl', '');
  };

  const users = ['--user', large.user, '--user', small.user];
  const first = cli.begin('replay', ...users, '--topic', fresh.topic);
  await arrived(1);
  first.child.kill('SIGINT');
  // It may have met the last item and be about to exit, where a signal leaves no exit code.
  expect([1, 'killed']).toContain(await first.ended.catch(() => 'killed'));
  const replay = await left();
  expect(first.stderr[0]).toBe(`Replay ${replay}: 2 watches to killed-replay`);
  expect(first.stderr.join('\n')).toContain(`: run calendar-mirror replay --resume ${replay}`);

  // Gone before the rest is replayed, after it was published.
  await cloud.firestore.doc(`${collectionOf(large.spec)}/planted2`).delete();
  const second = cli.begin('replay', '--resume', replay);
  const killed = second.ended.catch(() => 'killed');
  await arrived(2);
  second.child.kill('SIGKILL');
  await killed;

  await cloud.firestore.doc(`${collectionOf(large.spec)}/${LAST}`).delete();
  const third = await cli.run('replay', '--resume', await left(), '--json');
  expect(third.code).toBe(0);
  expect(results(third)).toMatchObject([{ watch: large.watch, items: planted }]);
  await eventually(async () => {
    for (const message of [...fresh.received, ...fresh.endings]) copy.receive(message);
    expect(fresh.endings).toHaveLength(2);
    const expected = await mirrored(cloud, [large, small]);
    expect(expected.size).toBe(planted + 1);
    expect(copy.items()).toEqual(expected);
  });
  expect(await records()).toEqual([]);
});
