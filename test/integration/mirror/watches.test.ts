import { randomBytes } from 'node:crypto';

import { Timestamp } from '@google-cloud/firestore';
import { afterAll, expect, it } from 'vitest';

import { createFirestore } from '../../../functions/mirror/database.ts';
import { createMirror } from '../../../functions/mirror/index.ts';
import type { Watch } from '../../../functions/mirror/watch.ts';
import { SPEC, WISH } from '../../support/sample-watch.ts';

/** What renew writes about a watch, while sync and people write to the same document. */

const firestore = createFirestore(`demo-${randomBytes(4).toString('hex')}`, '(default)');
const mirror = createMirror(firestore);
afterAll(() => firestore.terminate());

const HOUR = 3_600_000;
let made = 0;

/** A watch that is due, as renew reads it. */
async function due(status: object = { state: 'active' }) {
  const document = firestore.doc(`watches/watch-${String((made += 1))}`);
  await document.set({ spec: SPEC, nextDueAt: Timestamp.fromMillis(Date.now() - HOUR), status });
  const read = await mirror.loadWatch(document.id);
  if (read === undefined) throw new Error('the watch is not there');
  const settle = (nextDueAt: number, to?: { readonly state: Watch['state'] }) =>
    mirror.settle(read, { from: read.state, to, nextDueAt });
  const now = async () => (await document.get()).data();
  return { document, settle, now };
}

const later = Date.now() + HOUR;
const at = (ms: number) => Timestamp.fromMillis(ms);

it('a watch that renew has looked at is due later', async () => {
  const { settle, now } = await due();
  await settle(later, { state: 'polling' });
  expect(await now()).toMatchObject({ nextDueAt: at(later), status: { state: 'polling' } });
});

it('a look that somebody has asked for while renew was at the watch is not put off', async () => {
  const { document, settle, now } = await due();
  const asked = at(Date.now());
  await document.update({ nextDueAt: asked });
  await settle(later);
  expect(await now()).toMatchObject({ nextDueAt: asked });
});

it('a state that sync has written while renew was at the watch stands', async () => {
  const { document, settle, now } = await due();
  await document.update({ 'status.state': 'gone', 'status.reason': 'notFound' });
  await settle(later, { state: 'polling' });
  expect(await now()).toMatchObject({ status: { state: 'gone', reason: 'notFound' } });
});

it('a watch that was deleted while renew was at it stays deleted', async () => {
  const { document, settle, now } = await due();
  await document.delete();
  await settle(later, { state: 'polling' });
  expect(await now()).toBeUndefined();
});

it('a collection is one watch’s, until that watch is deleted', async () => {
  const [first, second] = [await due({ state: 'pending' }), await due({ state: 'pending' })];
  const claims = await Promise.all([first, second].map(({ document }) => mirror.claim(document.id, WISH)));
  expect(claims.toSorted()).toEqual(['claimed', 'taken']);
  const [winner, loser] = claims[0] === 'claimed' ? [first, second] : [second, first];
  expect(await loser.now()).toMatchObject({ status: { state: 'paused', reason: 'collectionTaken' } });
  await winner.document.delete();
  expect(await mirror.claim(loser.document.id, WISH)).toBe('claimed');
  expect(await loser.now()).toMatchObject({ status: { state: 'pending', collection: WISH.collection } });
});
