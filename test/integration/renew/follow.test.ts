import { createSecretKey } from 'node:crypto';
import { randomBytes } from 'node:crypto';

import { Timestamp } from '@google-cloud/firestore';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';

import { createLog } from '../../../functions/log.ts';
import { createFirestore } from '../../../functions/mirror/database.ts';
import { createMirror } from '../../../functions/mirror/index.ts';
import { parseSpec } from '../../../functions/mirror/spec.ts';
import { watchIdOf } from '../../../functions/mirror/watch-id.ts';
import { createWishes, type Spec } from '../../../functions/mirror/wishes.ts';
import type { RenewContext } from '../../../functions/renew/context.ts';
import { follow } from '../../../functions/renew/follow.ts';
import { RULES } from '../../support/sample-watch.ts';

/** Following alone, on a real Firestore: a mirrored list and what stands in `watches` after it. */

const firestore = createFirestore(`demo-${randomBytes(4).toString('hex')}`, '(default)');
const mirror = createMirror(firestore);
const wishes = createWishes(firestore);
afterAll(() => firestore.terminate());

const USER = 'ada@example.com';
const LIST = `users/${USER}/calendarList`;
const FOLLOWER = 'ada-list';
const follower = firestore.doc(`watches/${FOLLOWER}`);
const HOUR = 3_600_000;
const ago = (ms: number): Timestamp => Timestamp.fromMillis(Date.now() - ms);
const unused = (): never => {
  throw new Error('following calls nobody');
};

let published: unknown[];
const context: RenewContext = {
  mirror,
  calendar: { list: unused, watch: unused, stop: unused },
  publishNotification: async ({ attributes, data }) => {
    published.push({ ...attributes, ...JSON.parse(data.toString()) });
    return 'published';
  },
  auth: 'emulator',
  address: 'https://receive.example.com',
  key: { id: 'k1', secret: createSecretKey(Buffer.from('no channel is opened here')) },
  rules: RULES,
  concurrency: 8,
  budgetMs: 45_000,
  now: Date.now,
  random: () => 0,
  newId: () => 'message',
  ending: () => false,
  log: createLog(() => {}),
};
const never = (): boolean => false;

const wished = (calendarId: string, more: object = {}) =>
  ({ user: USER, resource: 'events', calendarId, ...more }) satisfies Spec;
const idOf = (calendarId: string): string => watchIdOf(wished(calendarId));

/** The list as sync leaves it behind, under the next number. */
let sequence = 0;
async function list(calendars: readonly string[], fullAgo = 2 * HOUR): Promise<void> {
  sequence += 1;
  const batch = firestore.batch();
  for (const entry of await firestore.collection(LIST).listDocuments()) batch.delete(entry);
  for (const id of calendars)
    batch.set(firestore.doc(`${LIST}/${id}`), { data: { id, accessRole: 'owner' } });
  const sync = {
    sequence,
    failures: 0,
    startedAt: ago(1000),
    completedAt: ago(0),
    fullStartedAt: ago(fullAgo),
  };
  batch.update(follower, { 'status.sync': sync });
  await batch.commit();
}

async function look(isOver = never, by: RenewContext = context) {
  const watch = await mirror.loadWatch(FOLLOWER);
  if (watch === undefined) throw new Error('the follower is gone');
  return follow(by, watch, isOver);
}

/** Every watch but the follower: its calendar, and whose it is. */
async function watched(): Promise<readonly string[]> {
  const { docs } = await firestore.collection('watches').get();
  return docs
    .filter((each) => each.id !== FOLLOWER)
    .map((each) => {
      const { calendarId, removed } = each.get('spec');
      return [calendarId, removed, each.get('followedBy') ?? 'by hand']
        .filter((part) => part !== undefined)
        .join(' ');
    })
    .toSorted();
}

const of = (...calendars: readonly string[]): readonly string[] =>
  calendars.map((each) => `${each} ${FOLLOWER}`);
const names = (count: number, from = 0): readonly string[] =>
  Array.from({ length: count }, (_, index) => `c${String(from + index).padStart(3, '0')}`);

beforeEach(async () => {
  published = [];
  for (const watch of await firestore.collection('watches').listDocuments()) await watch.delete();
  for (const claim of await firestore.collection('claims').listDocuments()) await claim.delete();
  await follower.set({
    spec: { user: USER, resource: 'calendarList', follow: { role: 'reader' } },
    nextDueAt: ago(0),
    status: { state: 'active', collection: LIST },
  });
  await list(names(3));
});

/** Makes a watch by hand, and lets it have claimed its collection. */
async function byHand(id: string, calendarId: string): Promise<void> {
  await firestore.doc(`watches/${id}`).set({ spec: wished(calendarId), status: { state: 'pending' } });
  expect(await mirror.claim(id, wishOf(calendarId))).toBe('claimed');
}

function wishOf(calendarId: string) {
  const parsed = parseSpec(wished(calendarId));
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.wish;
}

describe('following a list', () => {
  it('keeps a watch for each calendar, due at once, and removes those that leave the list', async () => {
    await look();
    expect(await watched()).toEqual(of('c000', 'c001', 'c002'));
    const first = await firestore.doc(`watches/${idOf('c000')}`).get();
    expect(first.data()).toEqual({
      spec: wished('c000'),
      followedBy: FOLLOWER,
      nextDueAt: expect.any(Timestamp),
    });
    await list(names(3, 1));
    await look();
    expect(await watched()).toEqual([`c000 keep ${FOLLOWER}`, ...of('c001', 'c002', 'c003')]);
    await list(names(4));
    await look();
    expect(await watched()).toEqual(of('c000', 'c001', 'c002', 'c003'));
  });

  it('reads nothing of a list that has not changed', async () => {
    await look();
    const reads = { listCalendars: unused, followedBy: unused };
    expect(await look(never, { ...context, mirror: { ...mirror, ...reads } })).toMatchObject({
      outcome: 'done',
    });
  });

  it('leaves alone what was made by hand, also under another id, and also when it leaves the list', async () => {
    await byHand(idOf('c000'), 'c000');
    await byHand('my-own', 'c001');
    const before = async () =>
      Promise.all(
        [idOf('c000'), 'my-own'].map(async (id) => (await firestore.doc(`watches/${id}`).get()).updateTime),
      );
    const untouched = await before();
    await look();
    await list(['c002']);
    await look();
    expect(await watched()).toEqual(['c000 by hand', 'c001 by hand', ...of('c002')]);
    expect(await before()).toEqual(untouched);
  });

  it('leaves alone what a person has taken over, watched and unwatched alike', async () => {
    await look();
    const spec = wished('c000', { singleEvents: true });
    const parsed = parseSpec(spec);
    if (!parsed.ok) throw new Error(parsed.problem);
    await wishes.writeWish(idOf('c000'), spec, parsed.wish);
    await wishes.askRemoval(idOf('c001'), 'purge');
    for (const calendars of [['c002'], names(3), names(4)]) {
      await list(calendars);
      await look();
    }
    expect(await watched()).toEqual(['c000 by hand', 'c001 purge by hand', ...of('c002', 'c003')]);
  });

  it('takes over what a follower has left behind that was deleted', async () => {
    await look();
    const document = firestore.doc(`watches/${idOf('c000')}`);
    await document.update({ followedBy: 'deleted-long-ago' });
    await list(names(4));
    await look();
    expect(await watched()).toEqual(of(...names(4)));
  });

  it('writes what is followed anew when what to follow is edited', async () => {
    await look();
    await follower.update({
      'spec.follow': { role: 'reader', singleEvents: true, resources: ['events', 'acl'] },
    });
    await look();
    expect((await firestore.doc(`watches/${idOf('c000')}`).get()).get('spec')).toEqual(
      wished('c000', { singleEvents: true }),
    );
    expect(await watched()).toHaveLength(6);
  });
});

describe('several runs of renew', () => {
  it('at once make no watch twice', async () => {
    await list(names(20));
    await Promise.all([look(), look()]);
    await look();
    expect(await watched()).toEqual(of(...names(20)));
  });

  it('go on where the one before has ended, wherever that was', async () => {
    await list(names(40));
    let asked = 0;
    expect(await look(() => (asked += 1) > 20)).toEqual({ outcome: 'unfinished' });
    expect((await watched()).length).toBe(20);
    expect(await look()).toMatchObject({ outcome: 'done' });
    expect(await watched()).toEqual(of(...names(40)));
  });

  it('go on where the one before has died', async () => {
    await list(names(40));
    let written = 0;
    const dying: RenewContext = {
      ...context,
      mirror: {
        ...mirror,
        writeFollowed: async (...given) => {
          if ((written += 1) > 20) throw new Error('killed');
          return mirror.writeFollowed(...given);
        },
      },
    };
    await expect(look(never, dying)).rejects.toThrow('killed');
    expect((await watched()).length).toBe(20);
    await look();
    expect(await watched()).toEqual(of(...names(40)));
  });

  it('that decided on an older list undo nothing of a newer one', async () => {
    const older = await mirror.loadWatch(FOLLOWER);
    if (older === undefined) throw new Error('the follower is gone');
    await list(names(3, 1));
    await look();
    await follow(context, older, never);
    expect(await watched()).toEqual(of(...names(3, 1)));
  });
});

describe('a list that is suddenly empty', () => {
  it('removes nothing until a full sync, asked for ten minutes later, says the same', async () => {
    await look();
    await list([], 0);
    await look();
    expect(await watched()).toEqual(of(...names(3)));
    expect(published).toEqual([]);

    await follower.update({ 'status.follow.emptySince': ago(10 * 60_000 + 1000) });
    await list([], HOUR);
    await look();
    expect(await watched()).toEqual(of(...names(3)));
    expect(published).toMatchObject([{ watch: FOLLOWER, reason: 'manual', full: true }]);

    await list([], 0);
    await look();
    expect(await watched()).toEqual(names(3).map((each) => `${each} keep ${FOLLOWER}`));
  });

  it('and filled again has removed nothing, and the next time counts anew', async () => {
    await look();
    for (const calendars of [[], names(3), []]) {
      await list(calendars);
      await look();
    }
    expect(await watched()).toEqual(of(...names(3)));
    const since: unknown = (await follower.get()).get('status.follow.emptySince');
    expect(since).toBeInstanceOf(Timestamp);
    await list(names(3));
    await look();
    expect((await follower.get()).get('status.follow.emptySince')).toBeUndefined();
  });
});

describe('the end of following', () => {
  const ended = names(3).map((each) => `${each} purge ${FOLLOWER}`);
  it.each([
    ['is removed', { 'spec.removed': 'keep' }, ended],
    ['no longer asks for it', { spec: { user: USER, resource: 'calendarList' } }, ended],
    ['is paused', { 'status.state': 'paused', 'status.reason': 'forbidden' }, of(...names(3))],
    ['is gone', { 'status.state': 'gone' }, of(...names(3))],
  ])('where the follower %s', async (_, change, left) => {
    await follower.update({ 'spec.follow.unlisted': 'purge' });
    await look();
    await list([]);
    await follower.update(change);
    await look();
    expect(await watched()).toEqual(left);
  });

  it('is done once: what is wanted by hand later stays', async () => {
    await look();
    await follower.update({ 'spec.removed': 'keep' });
    await look();
    expect((await follower.get()).get('status.follow')).toBeUndefined();
    await wishes.writeWish(idOf('c000'), wished('c000'), wishOf('c000'));
    await look();
    expect(await watched()).toEqual(['c000 by hand', `c001 keep ${FOLLOWER}`, `c002 keep ${FOLLOWER}`]);
  });

  it('does not come from a wish for the list that says nothing of it', async () => {
    await look();
    const spec = { user: USER, resource: 'calendarList' } satisfies Spec;
    const parsed = parseSpec(spec);
    if (!parsed.ok) throw new Error(parsed.problem);
    await wishes.writeWish(FOLLOWER, spec, parsed.wish);
    await look();
    expect(await watched()).toEqual(of(...names(3)));
  });
});
