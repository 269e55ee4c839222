import { FieldValue, Timestamp } from '@google-cloud/firestore';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';

import { createLog } from '../../../../functions/runtime/log.ts';
import { parseSpec } from '../../../../functions/watches/spec.ts';
import { watchIdOf, watchIdsOf } from '../../../../functions/watches/watch-id.ts';
import {
  createFollowedList,
  FOLLOWER,
  managed,
  names,
  specInput,
  specOf,
  unused,
} from '../../../support/followed-list.ts';

/** The watches that a followed list manages, on a real Firestore. */

const { firestore, mirror, admin, follower, list, runFollow, watched, reset } = createFollowedList();
beforeEach(reset);
afterAll(() => firestore.terminate());

const idOf = (calendarId: string): string => watchIdOf(specInput(calendarId));
const formerIdOf = (calendarId: string): string => watchIdsOf(specInput(calendarId))[1];
const idsOf = async (): Promise<readonly string[]> =>
  (await firestore.collection('watches').listDocuments()).map(({ id }) => id).toSorted();

async function specsOf(calendars: readonly string[]): Promise<readonly unknown[]> {
  const watches = await firestore.getAll(...calendars.map((each) => firestore.doc(`watches/${idOf(each)}`)));
  return watches.map((each) => each.get('spec'));
}

/** Creates a watch as a person does, which claims its collection. */
async function byHand(id: string, calendarId: string): Promise<void> {
  await firestore.doc(`watches/${id}`).set({ spec: specInput(calendarId), status: { state: 'pending' } });
  expect(await mirror.claim(id, specOf(calendarId))).toBe('claimed');
}

describe('following a list', () => {
  it('creates a watch for each calendar, and removes those that leave the list', async () => {
    await runFollow();
    expect(await watched()).toEqual(managed('c000', 'c001', 'c002'));
    const first = await firestore.doc(`watches/${idOf('c000')}`).get();
    expect(first.data()).toEqual({
      spec: specInput('c000'),
      followedBy: FOLLOWER,
      nextDueAt: expect.any(Timestamp),
    });
    await list(names(3, 1));
    await runFollow();
    expect(await watched()).toEqual([`c000 keep ${FOLLOWER}`, ...managed('c001', 'c002', 'c003')]);
    await list(names(4));
    await runFollow();
    expect(await watched()).toEqual(managed('c000', 'c001', 'c002', 'c003'));
  });

  it('gives followed watches the clock of `follow`, and each edit of it', async () => {
    await runFollow();
    for (const clock of [['-PT10M', 'start'], ['end'], { moments: ['end'], allDay: true }]) {
      await follower.update({ 'spec.follow.clock': clock });
      await runFollow();
      expect(await specsOf(names(3))).toEqual(names(3).map((each) => specInput(each, { clock })));
    }
    await follower.update({ 'spec.follow.clock': FieldValue.delete() });
    await runFollow();
    expect(await specsOf(names(3))).toEqual(names(3).map((each) => specInput(each)));
    expect(await watched()).toEqual(managed('c000', 'c001', 'c002'));
  });

  it('does not read a list that has not changed', async () => {
    await runFollow();
    const reads = { listCalendars: unused, listFollowed: unused };
    expect(await runFollow(undefined, { mirror: { ...mirror, ...reads } })).toMatchObject({
      outcome: 'done',
    });
  });

  it('leaves manual watches alone, also under another id or off the list', async () => {
    await byHand(idOf('c000'), 'c000');
    await byHand('my-own', 'c001');
    const before = async () =>
      Promise.all(
        [idOf('c000'), 'my-own'].map(async (id) => (await firestore.doc(`watches/${id}`).get()).updateTime),
      );
    const untouched = await before();
    await runFollow();
    await list(['c002']);
    await runFollow();
    expect(await watched()).toEqual(['c000 by hand', 'c001 by hand', ...managed('c002')]);
    expect(await before()).toEqual(untouched);
  });

  it('leaves alone what a person has taken over, watched or unwatched', async () => {
    await runFollow();
    const spec = specInput('c000', { singleEvents: true });
    const parsed = parseSpec(spec);
    if (!parsed.ok) throw new Error(parsed.problem);
    await admin.upsertWatch(spec, parsed.value);
    await admin.requestRemoval(idOf('c001'), 'purge');
    for (const calendars of [['c002'], names(3), names(4)]) {
      await list(calendars);
      await runFollow();
    }
    expect(await watched()).toEqual(['c000 by hand', 'c001 purge by hand', ...managed('c002', 'c003')]);
  });

  describe('with watch ids of an earlier version', () => {
    it('keeps those watches, and creates no second ones', async () => {
      for (const calendarId of names(3)) {
        const id = formerIdOf(calendarId);
        await byHand(id, calendarId);
        await firestore.doc(`watches/${id}`).update({ followedBy: FOLLOWER });
      }
      await firestore.doc(`watches/${formerIdOf('c001')}`).update({ 'spec.removed': 'keep' });
      const removed = await firestore.doc(`watches/${formerIdOf('c001')}`).get();
      const before = await firestore.doc(`watches/${formerIdOf('c000')}`).get();
      await runFollow();
      expect(await watched()).toEqual(managed(...names(3)));
      expect(await idsOf()).toEqual([FOLLOWER, ...names(3).map(formerIdOf)].toSorted());
      expect((await before.ref.get()).updateTime).toEqual(before.updateTime);
      expect((await removed.ref.get()).get('spec')).toEqual(specInput('c001'));
    });

    it('leaves alone those that a person has unwatched', async () => {
      await firestore
        .doc(`watches/${formerIdOf('c000')}`)
        .set({ spec: specInput('c000', { removed: 'keep' }) });
      await runFollow();
      expect(await watched()).toEqual(['c000 keep by hand', ...managed('c001', 'c002')]);
    });
  });

  it('reports a calendar whose watch id is taken', async () => {
    await firestore.doc(`watches/${idOf('c001')}`).set({ spec: specInput('elsewhere') });
    const lines: string[] = [];
    await runFollow(undefined, { log: createLog((line) => lines.push(line)) });
    expect(await watched()).toEqual([...managed('c000', 'c002'), 'elsewhere by hand']);
    expect((await follower.get()).get('status.follow.idTaken')).toEqual([
      { collection: specOf('c001').collection, id: idOf('c001') },
    ]);
    expect(
      lines.filter((line) => line.includes('calendar not followed, its watch id is taken')),
    ).toHaveLength(1);
    await firestore.doc(`watches/${idOf('c001')}`).delete();
    await list(names(3));
    await runFollow();
    expect((await follower.get()).get('status.follow.idTaken')).toBeUndefined();
    expect(await watched()).toEqual(managed(...names(3)));
  });

  it('takes over the watches of a deleted follower', async () => {
    await runFollow();
    const document = firestore.doc(`watches/${idOf('c000')}`);
    await document.update({ followedBy: 'deleted-long-ago' });
    await list(names(4));
    await runFollow();
    expect(await watched()).toEqual(managed(...names(4)));
  });

  it('rewrites the managed watches after an edit of the follow spec', async () => {
    await runFollow();
    await follower.update({
      'spec.follow': { role: 'reader', singleEvents: true, resources: ['events', 'acl'] },
    });
    await runFollow();
    expect((await firestore.doc(`watches/${idOf('c000')}`).get()).get('spec')).toEqual(
      specInput('c000', { singleEvents: true }),
    );
    expect(await watched()).toHaveLength(6);
  });
});
