import { Timestamp } from '@google-cloud/firestore';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';

import type { RenewContext } from '../../../../functions/renew/context.ts';
import { follow } from '../../../../functions/renew/follow.ts';
import { parseSpec } from '../../../../functions/watches/spec.ts';
import type { SpecInput } from '../../../../functions/watches/watch-admin.ts';
import {
  ago,
  createFollowedList,
  FOLLOWER,
  managed,
  names,
  specInput,
  specOf,
  USER,
} from '../../../support/followed-list.ts';

/** Runs of renew that follow a list: interrupted, overlapping, unconfirmed and ended. */

const {
  firestore,
  mirror,
  admin,
  follower,
  published,
  context,
  list,
  loadFollower,
  runFollow,
  watched,
  reset,
} = createFollowedList();
beforeEach(reset);
afterAll(() => firestore.terminate());

const HOUR = 3_600_000;

describe('several runs of renew', () => {
  it('that overlap create no watch twice', async () => {
    await list(names(20));
    await Promise.all([runFollow(), runFollow()]);
    await runFollow();
    expect(await watched()).toEqual(managed(...names(20)));
  });

  it('continue where the previous one stopped', async () => {
    await list(names(40));
    let checks = 0;
    expect(await runFollow(() => (checks += 1) > 20)).toEqual({ outcome: 'unfinished' });
    expect((await watched()).length).toBe(20);
    expect(await runFollow()).toMatchObject({ outcome: 'done' });
    expect(await watched()).toEqual(managed(...names(40)));
  });

  it('continue where the previous one crashed', async () => {
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
    await expect(runFollow(() => false, dying)).rejects.toThrow('killed');
    expect((await watched()).length).toBe(20);
    await runFollow();
    expect(await watched()).toEqual(managed(...names(40)));
  });

  it('that decided on an older list undo nothing of a newer one', async () => {
    const older = await loadFollower();
    await list(names(3, 1));
    await runFollow();
    await follow(context, older);
    expect(await watched()).toEqual(managed(...names(3, 1)));
  });
});

describe('a list that is suddenly empty', () => {
  it('removes nothing until a full sync ten minutes later confirms it', async () => {
    await runFollow();
    await list([], 0);
    await runFollow();
    expect(await watched()).toEqual(managed(...names(3)));
    expect(published).toEqual([]);

    await follower.update({ 'status.follow.emptySince': ago(10 * 60_000 + 1000) });
    await list([], HOUR);
    await runFollow();
    expect(await watched()).toEqual(managed(...names(3)));
    expect(published).toMatchObject([{ watch: FOLLOWER, reason: 'manual', full: true }]);

    await list([], 0);
    await runFollow();
    expect(await watched()).toEqual(names(3).map((each) => `${each} keep ${FOLLOWER}`));
  });

  it('and filled again has removed nothing, and resets the wait', async () => {
    await runFollow();
    for (const calendars of [[], names(3), []]) {
      await list(calendars);
      await runFollow();
    }
    expect(await watched()).toEqual(managed(...names(3)));
    const since: unknown = (await follower.get()).get('status.follow.emptySince');
    expect(since).toBeInstanceOf(Timestamp);
    await list(names(3));
    await runFollow();
    expect((await follower.get()).get('status.follow.emptySince')).toBeUndefined();
  });
});

describe('a managed watch', () => {
  const ended = names(3).map((each) => `${each} purge ${FOLLOWER}`);
  it.each([
    ['is removed if its follower is removed', { 'spec.removed': 'keep' }, ended],
    [
      'is removed if its follower no longer follows the list',
      { spec: { user: USER, resource: 'calendarList' } },
      ended,
    ],
    [
      'stays if its follower is paused',
      { 'status.state': 'paused', 'status.reason': 'forbidden' },
      managed(...names(3)),
    ],
    ['stays if its follower is gone', { 'status.state': 'gone' }, managed(...names(3))],
  ])('%s', async (_, change, left) => {
    await follower.update({ 'spec.follow.unlisted': 'purge' });
    await runFollow();
    await list([]);
    await follower.update(change);
    await runFollow();
    expect(await watched()).toEqual(left);
  });

  it('that is added by hand after the end of following stays', async () => {
    await runFollow();
    await follower.update({ 'spec.removed': 'keep' });
    await runFollow();
    expect((await follower.get()).get('status.follow')).toBeUndefined();
    await admin.upsertWatch(specInput('c000'), specOf('c000'));
    await runFollow();
    expect(await watched()).toEqual(['c000 by hand', `c001 keep ${FOLLOWER}`, `c002 keep ${FOLLOWER}`]);
  });

  it('stays if an upsert of the list leaves out `follow`', async () => {
    await runFollow();
    const spec = { user: USER, resource: 'calendarList' } satisfies SpecInput;
    const parsed = parseSpec(spec);
    if (!parsed.ok) throw new Error(parsed.problem);
    await admin.upsertWatch(spec, parsed.value, FOLLOWER);
    await runFollow();
    expect(await watched()).toEqual(managed(...names(3)));
  });
});
