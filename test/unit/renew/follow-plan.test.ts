import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Followed, Listing } from '../../../functions/mirror/followed.ts';
import { parseSpec } from '../../../functions/mirror/spec.ts';
import type { Following, Watch } from '../../../functions/mirror/watch.ts';
import {
  CONFIRM_MS,
  followedTo,
  followTask,
  planFollow,
  wantedOf,
  type FollowPlan,
  type FollowTask,
} from '../../../functions/renew/follow-plan.ts';
import { NOW, sampleWatch, SYNCED, TRAVERSAL, wishOf } from '../../support/sample-watch.ts';

const LIST = { user: 'ana@example.com', resource: 'calendarList' } as const;
type Wished = Readonly<Record<string, unknown>>;
const following = (follow: Wished = { role: 'reader' }, more: Wished = {}) => ({ ...LIST, ...more, follow });

const watchOf = (given: Partial<Omit<Watch, 'spec'>> & { readonly spec?: unknown } = {}): Watch =>
  sampleWatch({ spec: following(), collection: wishOf(LIST).collection, ...given });

function wanted(follow: Wished, listing: readonly Listing[], more: Wished = {}) {
  const wish = wishOf(following(follow, more));
  if (wish.follow === undefined) throw new Error('nothing is to be followed');
  return wantedOf(wish, wish.follow, listing);
}

function mustFollow(watch: Watch): Extract<FollowTask, { do: 'follow' }> {
  const task = followTask(watch);
  if (task.do !== 'follow') throw new Error(`it is to ${task.do}`);
  return task;
}

/** Watches as they stand in Firestore, by id. */
type Kept = ReadonlyMap<string, unknown>;
const followedIn = (kept: Kept): readonly Followed[] =>
  [...kept].map(([id, spec]) => ({ id, spec: parseSpec(spec) }));

/** What the documents are once a plan has been carried out. */
function after(kept: Kept, plan: FollowPlan): Kept {
  const now = new Map(kept);
  if (plan.do === 'doubt') return now;
  for (const { id, spec } of plan.write) now.set(id, spec);
  for (const id of plan.remove) now.set(id, { ...Object(now.get(id)), removed: 'keep' });
  return now;
}

const SURE = { emptySince: NOW - CONFIRM_MS, fullStartedAt: NOW, now: NOW };
const UNSURE = { emptySince: undefined, fullStartedAt: NOW - 1, now: NOW };

/** The watches that are not removed. */
const living = (kept: Kept): readonly string[] =>
  followedIn(kept).flatMap(({ id, spec }) => (spec.ok && spec.wish.removed === undefined ? [id] : []));

const ROLES = ['none', 'freeBusyReader', 'reader', 'writerWithoutPrivateAccess', 'writer', 'owner', ''];
const listing = fc.uniqueArray(
  fc.record({
    calendarId: fc.nat(9).map((name) => `c${String(name)}@group.example.com`),
    accessRole: fc.constantFrom(...ROLES),
  }),
  { selector: ({ calendarId }) => calendarId },
);
const wish = fc.record(
  {
    role: fc.constantFrom('reader', 'writer', 'owner'),
    resources: fc.constantFrom(['events'], ['acl', 'events']),
    singleEvents: fc.boolean(),
  },
  { requiredKeys: ['role'] },
);

/** What is kept once one list after another has been followed. */
const through = (given: readonly [readonly Listing[], Wished][], to: typeof SURE | typeof UNSURE) => {
  let kept: Kept = new Map();
  for (const [list, follow] of given)
    kept = after(kept, planFollow(wanted(follow, list), followedIn(kept), to));
  return kept;
};

describe('which calendars are followed', () => {
  test.each([
    ['reader', ['reader', 'writerWithoutPrivateAccess', 'writer', 'owner']],
    ['writer', ['writer', 'owner']],
    ['owner', ['owner']],
  ])('with the role %s: events of those with %j', (role, roles) => {
    const list = ROLES.map((accessRole) => ({ calendarId: `of-${accessRole}`, accessRole }));
    const calendars = [...wanted({ role }, list).values()].map(({ spec }) => spec.calendarId);
    expect(calendars).toEqual(roles.map((each) => `of-${each}`));
  });

  test('rules only of those that the user owns, as Google tells them to nobody else', () => {
    const list = ROLES.map((accessRole) => ({ calendarId: `of-${accessRole}`, accessRole }));
    const specs = [...wanted({ role: 'reader', resources: ['acl'] }, list).values()].map(({ spec }) => spec);
    expect(specs).toEqual([{ user: LIST.user, resource: 'acl', calendarId: 'of-owner' }]);
  });

  test('by the credentials of the list, with the event types and the single events that are asked for', () => {
    const follow = {
      role: 'owner',
      resources: ['events', 'acl'],
      eventTypes: ['default'],
      singleEvents: true,
    };
    const list = [{ calendarId: 'team', accessRole: 'owner' }];
    expect([...wanted(follow, list, { auth: 'oauth' }).values()].map(({ spec }) => spec)).toEqual([
      {
        user: LIST.user,
        resource: 'events',
        calendarId: 'team',
        eventTypes: ['default'],
        singleEvents: true,
        auth: 'oauth',
      },
      { user: LIST.user, resource: 'acl', calendarId: 'team', auth: 'oauth' },
    ]);
  });

  test('one whose id no document can have is none of them', () => {
    expect(wanted({ role: 'reader' }, [{ calendarId: '日%'.repeat(512), accessRole: 'owner' }]).size).toBe(0);
  });
});

describe('whatever was followed and whatever is listed,', () => {
  const lists = fc.array(fc.tuple(listing, wish), { minLength: 1, maxLength: 5 });
  test('one pass is enough: just what is wanted is watched, each once', () => {
    fc.assert(
      fc.property(lists, (given) => {
        const kept = through(given, SURE);
        const [list, follow] = given.at(-1) ?? [[], {}];
        const want = wanted(follow, list);
        expect(living(kept).toSorted()).toEqual([...want.keys()].toSorted());
        const mirrored = followedIn(kept).map(({ spec }) => spec.ok && spec.wish.collection);
        expect(new Set(mirrored).size).toBe(mirrored.length);
        for (const [id, { spec }] of want) expect(kept.get(id)).toEqual(spec);
      }),
    );
  });

  test('a second pass does nothing', () => {
    fc.assert(
      fc.property(lists, (given) => {
        const kept = through(given, SURE);
        const [list, follow] = given.at(-1) ?? [[], {}];
        expect(planFollow(wanted(follow, list), followedIn(kept), SURE)).toEqual({
          do: 'write',
          write: [],
          remove: [],
        });
      }),
    );
  });

  test('a pass that ends anywhere is finished by the next', () => {
    fc.assert(
      fc.property(lists, listing, wish, fc.nat(20), (given, list, follow, stop) => {
        const kept = through(given, SURE);
        const want = wanted(follow, list);
        const plan = planFollow(want, followedIn(kept), SURE);
        const half: FollowPlan =
          plan.do === 'doubt'
            ? plan
            : { do: 'write', write: plan.write.slice(0, stop), remove: plan.remove.slice(0, stop) };
        const broken = after(kept, half);
        const mended = after(broken, planFollow(want, followedIn(broken), SURE));
        expect(living(mended).toSorted()).toEqual([...want.keys()].toSorted());
      }),
    );
  });

  test('while it is in doubt, not one is removed that is not outlived by another', () => {
    fc.assert(
      fc.property(lists, listing, wish, (given, list, follow) => {
        const kept = through(given, UNSURE);
        const next = after(kept, planFollow(wanted(follow, list), followedIn(kept), UNSURE));
        const before = living(kept);
        expect(before.length === 0 || before.some((id) => living(next).includes(id))).toBe(true);
      }),
    );
  });
});

describe('a list that has lost everything', () => {
  const kept = new Map<string, unknown>(
    [...wanted({ role: 'reader' }, [{ calendarId: 'a', accessRole: 'owner' }]).values()].map((each) => [
      each.id,
      each.spec,
    ]),
  );
  const others = [{ calendarId: 'b', accessRole: 'owner' }];

  test.each([
    ['is empty', []],
    ['has others on it', others],
  ])('and %s is doubted when it is first seen, even in a full sync', (_, list) => {
    const times = { emptySince: undefined, fullStartedAt: NOW, now: NOW };
    expect(planFollow(wanted({ role: 'reader' }, list), followedIn(kept), times)).toEqual({
      do: 'doubt',
      emptySince: NOW,
      askFull: false,
    });
  });

  const since = NOW - CONFIRM_MS;
  test.each([
    ['no full sync since', { fullStartedAt: since - 1, now: since + CONFIRM_MS - 1 }, false],
    ['a full sync that began too soon', { fullStartedAt: since + CONFIRM_MS - 1, now: NOW - 1 }, false],
    ['no full sync when its time has come', { fullStartedAt: since - 1, now: NOW }, true],
  ])('is doubted still with %s', (_, times, askFull) => {
    expect(planFollow(new Map(), followedIn(kept), { emptySince: since, ...times })).toEqual({
      do: 'doubt',
      emptySince: since,
      askFull,
    });
  });

  test('is believed once a full sync that began ten minutes later says the same', () => {
    expect(
      planFollow(new Map(), followedIn(kept), { emptySince: since, fullStartedAt: NOW, now: NOW }),
    ).toEqual({
      do: 'write',
      write: [],
      remove: [...kept.keys()],
    });
  });

  test('is believed at once where nothing is followed yet', () => {
    const plan = planFollow(wanted({ role: 'reader' }, others), [], UNSURE);
    expect(plan).toMatchObject({ do: 'write', write: [{ spec: { calendarId: 'b' } }] });
  });
});

describe('following', () => {
  const done: Following = followedTo(watchOf(), mustFollow(watchOf()));

  test.each([
    ['is active', watchOf()],
    ['is polled', watchOf({ state: 'polling' })],
    [
      'has other parameters to follow by',
      watchOf({ follow: { ...done, done: { ...(done.done ?? never()), key: 'x' } } }),
    ],
    ['has had news', watchOf({ follow: done, sync: { ...SYNCED, sequence: 11 } })],
    ['was listed in full', watchOf({ follow: done, sync: { ...SYNCED, fullStartedAt: NOW } })],
    ['is in doubt', watchOf({ follow: { ...done, emptySince: NOW } })],
  ])('is done where the list %s', (_, watch) => {
    expect(followTask(watch)).toMatchObject({ do: 'follow' });
  });

  test.each([
    ['has been followed to its end', watchOf({ follow: done })],
    ['is not to be followed', watchOf({ spec: LIST })],
    ['cannot be understood', watchOf({ spec: {}, follow: done })],
    ['is gone', watchOf({ state: 'gone', sync: { ...SYNCED, sequence: 11 } })],
    ['is refused', watchOf({ state: 'paused', follow: done, sync: { ...SYNCED, sequence: 11 } })],
    ['is half-way through a sync', watchOf({ sync: { ...SYNCED, traversal: TRAVERSAL } })],
    ['has never been synced', watchOf({ state: 'pending', sync: { sequence: 0, failures: 0 } })],
    [
      'was removed, and is not synced again yet',
      watchOf({ sync: { sequence: 9, completedAt: NOW, failures: 0 } }),
    ],
    ['is another watch’s', watchOf({ collection: undefined })],
  ])('is left where the list %s', (_, watch) => {
    expect(followTask(watch)).toEqual({ do: 'nothing' });
  });

  test.each([
    ['is not asked for any more', LIST, 'purge'],
    ['ends with its watch', following({ role: 'reader' }, { removed: 'purge' }), 'keep'],
  ])('that %s takes what is followed along', (_, spec, unlisted) => {
    expect(followTask(watchOf({ spec, follow: { ...done, unlisted: 'purge' } }))).toEqual({
      do: 'end',
      unlisted,
    });
  });

  test('that has ended, or never began, takes nothing along', () => {
    expect(followTask(watchOf({ spec: following({ role: 'reader' }, { removed: 'purge' }) }))).toEqual({
      do: 'nothing',
    });
  });
});

function never(): never {
  throw new Error('nothing was followed');
}
