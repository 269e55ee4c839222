/** `calendar-mirror replay` publishes the mirrored items for a new consumer, beside the live feed. */
import { randomUUID } from 'node:crypto';
import { PubSub } from '@google-cloud/pubsub';
import { expect } from 'vitest';
import { changeMessage, type Change } from '../../functions/feed/change.ts';
import { NAMES } from '../../infra/local/topics.ts';
import type { WatchSpec } from '../../infra/local/watches.ts';
import { cloudTest } from '../support/cloud-test.ts';
import { eventually } from '../support/eventually.ts';
import { results } from '../support/command-line.ts';
import { freshTopic, parsed } from '../support/fresh-consumer.ts';
import { collectionOf, type Pipeline } from '../support/pipeline.ts';
import { AT, PRIMARY } from '../support/watched-events.ts';

const test = cloudTest();

/** Watches and mirrors a calendar with a number of events. */
async function watched(cloud: Pipeline, events: number) {
  const user = cloud.newUser('replay');
  const spec: WatchSpec = { user, resource: 'events', calendarId: user };
  const ids: string[] = [];
  for (let number = 0; number < events; number += 1) {
    ids.push((await cloud.as(user).insert(PRIMARY, { summary: `event ${number}`, ...AT })).id);
  }
  const watch = await cloud.register(spec);
  await eventually(() => expect(cloud.history(watch)).toHaveLength(events));
  await cloud.processed(watch);
  return { user, spec, watch, ids };
}

/** Returns the state of a consumer that ignores stale sequences. */
function stateAfter(changes: readonly Change[]): ReadonlyMap<string, Change['after']> {
  const last = new Map<string, Change>();
  for (const change of changes) {
    if (change.sequence > (last.get(change.itemId)?.sequence ?? 0)) last.set(change.itemId, change);
  }
  return new Map([...last].flatMap(([id, { after }]) => (after === null ? [] : [[id, after]])));
}

const lineup = (items: ReadonlyMap<string, unknown>) => [...items].toSorted(([a], [b]) => (a < b ? -1 : 1));

test('is complete during edits, and adds up to the mirror with the live feed, in any order', async ({
  cloud,
  cli,
}) => {
  const { user, spec, watch, ids } = await watched(cloud, 230);
  await using fresh = await freshTopic(cloud.pubsub, 'fresh-consumer');
  const edits = async (): Promise<void> => {
    const [first = '', last = '', middle = ''] = [ids[0], ids.at(-1), ids[115]];
    await cloud.as(user).patch(`${PRIMARY}/${first}`, { summary: 'edited' });
    await cloud.as(user).patch(`${PRIMARY}/${last}`, { summary: 'edited' });
    await cloud.as(user).remove(`${PRIMARY}/${middle}`);
    await cloud.as(user).insert(PRIMARY, { summary: 'new', ...AT });
  };
  const [outcome] = await Promise.all([cli.run('replay', watch, '--topic', fresh.topic), edits()]);
  expect(outcome.code).toBe(0);
  const [, printed] = /^(\d+) items published to fresh-consumer\.\n$/.exec(outcome.stdout) ?? [];
  expect(outcome.stderr).toMatch(new RegExp(`^${watch}: \\d+ items to fresh-consumer\n`));
  await cloud.processed(watch);
  await eventually(() => expect(cloud.history(watch)).toHaveLength(234));
  await eventually(() => {
    expect(new Set(fresh.received.map((message) => parsed(message).itemId)).size).toBe(Number(printed));
  });
  expect(fresh.errors).toEqual([]);

  await eventually(() => expect(fresh.endings).toHaveLength(1));
  expect(fresh.endings[0]).toMatchObject({
    orderingKey: watch,
    attributes: { watch, user, resource: 'events', calendar: user, replay: fresh.endings[0]?.ended.replay },
    ended: { watchId: watch, count: Number(printed) },
  });
  // The number when the replay began, during the edits.
  expect([230, 231, 232, 233, 234]).toContain(fresh.endings[0]?.ended.sequence);

  const snapshots = fresh.received.map(parsed);
  const replayed = snapshots.map(({ itemId }) => itemId);
  expect(replayed).toEqual(expect.arrayContaining(ids.filter((id) => id !== ids[115])));
  const live = cloud.history(watch);
  for (const [index, change] of snapshots.entries()) {
    expect(change).toMatchObject({ change: 'snapshot', before: null, watchId: watch, user });
    // With the sequence that the live feed has for this state of the item.
    expect(live[change.sequence - 1]).toMatchObject({ itemId: change.itemId, after: change.after });
    const path = `${collectionOf(spec)}/${change.itemId}`;
    const { attributes, orderingKey } = changeMessage(change, path, fresh.endings[0]?.ended.replay);
    expect(fresh.received[index]).toMatchObject({ attributes, orderingKey });
  }
  const mirror = new Map(Array.from(await cloud.mirror(spec), ([id, { data }]) => [id, data]));
  expect(lineup(stateAfter([...live, ...snapshots]))).toEqual(lineup(mirror));
  const later = live.filter(({ sequence }) => sequence > 230);
  expect(lineup(stateAfter([...snapshots, ...later]))).toEqual(lineup(mirror));
});

test('goes to a topic of another project, given by its full name', async ({ cloud, cli }) => {
  const { watch } = await watched(cloud, 1);
  const elsewhere = new PubSub({ projectId: `demo-${randomUUID().slice(0, 8)}` });
  try {
    await using fresh = await freshTopic(elsewhere, 'foreign-consumer');
    const topic = `projects/${elsewhere.projectId}/topics/${fresh.topic}`;
    const outcome = await cli.run('replay', watch, '--topic', topic, '--json');
    expect(results(outcome)).toEqual([{ watch, replay: expect.any(String), topic, items: 1, sequence: 1 }]);
    await eventually(() => expect(fresh.received).toHaveLength(1));
  } finally {
    await elsewhere.close();
  }
});

test('does not change the watch, and omits large fields as sync does', async ({ cloud, cli }) => {
  const { spec, watch } = await watched(cloud, 2);
  const huge = { id: 'huge', summary: 'Huge', description: 'x'.repeat(950_000) };
  const document = cloud.firestore.doc(`${collectionOf(spec)}/huge`);
  await document.set({ data: huge, etag: null, sequence: 1, mirroredAt: new Date() });
  await using fresh = await freshTopic(cloud.pubsub, 'huge-consumer');
  const before = await cloud.firestore.doc(`watches/${watch}`).get();

  const outcome = await cli.run('replay', watch, '--topic', fresh.topic, '--json');
  expect(results(outcome)).toMatchObject([{ watch, topic: fresh.topic, items: 3, sequence: 2 }]);
  await eventually(() => expect(fresh.received).toHaveLength(3));
  expect(fresh.received.map(parsed).find(({ itemId }) => itemId === 'huge')).toMatchObject({
    after: { id: 'huge', summary: 'Huge' },
    omitted: ['description'],
  });
  const after = await cloud.firestore.doc(`watches/${watch}`).get();
  expect(after.updateTime).toEqual(before.updateTime);
  expect((await cloud.firestore.collection(`watches/${watch}/outbox`).get()).empty).toBe(true);

  // As after a deleted and recreated watch, whose changes a consumer would ignore as stale.
  await document.update({ sequence: 99 });
  const { code, stderr } = await cli.run('replay', watch, '--topic', fresh.topic);
  expect(code).toBe(1);
  expect(stderr).toMatch(new RegExp(`\nhuge has sequence 99 of an earlier watch.*unwatch ${watch} --purge`));
});

test('goes to the live feed only with --force, and never to a missing topic or one of another kind', async ({
  cloud,
  cli,
}) => {
  const { user, watch, ids } = await watched(cloud, 1);
  await cloud.as(user).patch(`${PRIMARY}/${ids[0] ?? ''}`, { summary: 'edited' });
  await eventually(() => expect(cloud.history(watch)).toHaveLength(2));
  // In the live feed the second change is an update.
  const replayed = () =>
    cloud.changes(watch).filter(({ change, sequence }) => change === 'snapshot' && sequence === 2);
  const rejected = await cli.run('replay', watch, '--topic', NAMES.changes);
  expect(rejected).toMatchObject({ code: 2, stdout: '' });
  expect(rejected.stderr).toMatch(/^calendar-changes carries the live changes[^\n]*--force\n$/);
  expect(await cli.run('replay', watch, '--topic', NAMES.notifications, '--force')).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^calendar-notifications is for notifications[^\n]*\n$/),
  });
  const project = cloud.env['GOOGLE_CLOUD_PROJECT'] ?? '';
  const inFull = `projects/${project}/topics/${NAMES.changes}`;
  expect(await cli.run('replay', watch, '--topic', inFull)).toMatchObject({ code: 2, stdout: '' });
  expect(await cli.run('replay', watch, '--topic', 'no-such-topic')).toEqual({
    code: 1,
    stdout: '',
    stderr: `the topic no-such-topic does not exist: run gcloud pubsub topics create projects/${project}/topics/no-such-topic\n`,
  });
  expect(await cli.run('replay', 'no-such-watch', '--topic', 'no-such-topic')).toMatchObject({
    code: 1,
    stderr: 'the watch no-such-watch does not exist: run calendar-mirror list\n',
  });
  expect(replayed()).toEqual([]);
  expect((await cli.run('replay', watch, '--topic', NAMES.changes, '--force')).code).toBe(0);
  await eventually(() => expect(replayed()).not.toEqual([]));
});
