import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FollowedWatch, ListedCalendar } from '../../../../functions/watches/followed.ts';
import { parseSpec } from '../../../../functions/watches/spec.ts';
import {
  CONFIRM_MS,
  planFollow,
  wantedWatches,
  type FollowPlan,
} from '../../../../functions/renew/follow-plan.ts';
import { NOW, specOf } from '../../../support/sample-watch.ts';

const LIST = { user: 'ana@example.com', resource: 'calendarList' } as const;
type SpecFields = Readonly<Record<string, unknown>>;
const following = (follow: SpecFields = { role: 'reader' }, more: SpecFields = {}) => ({
  ...LIST,
  ...more,
  follow,
});

function wanted(follow: SpecFields, listing: readonly ListedCalendar[], more: SpecFields = {}) {
  const watchSpec = specOf(following(follow, more));
  if (watchSpec.follow === undefined) throw new Error('the spec has no `follow`');
  return wantedWatches(watchSpec, watchSpec.follow, listing);
}

/** Specs of the watches in Firestore, by watch id. */
type Kept = ReadonlyMap<string, unknown>;
const followedIn = (kept: Kept): readonly FollowedWatch[] =>
  [...kept].map(([id, spec]) => ({ id, spec: parseSpec(spec) }));

/** Returns the specs after a plan is carried out. */
function after(kept: Kept, plan: FollowPlan): Kept {
  const now = new Map(kept);
  if (plan.do === 'confirm') return now;
  for (const { ids, spec } of plan.write) now.set(ids.find((id) => kept.has(id)) ?? ids[0] ?? '', spec);
  for (const id of plan.remove) now.set(id, { ...Object(now.get(id)), removed: 'keep' });
  return now;
}

const CONFIRMED = { emptySince: NOW - CONFIRM_MS, fullStartedAt: NOW, now: NOW };
const UNCONFIRMED = { emptySince: undefined, fullStartedAt: NOW - 1, now: NOW };

/** Returns the collections of the watches that are not removed. */
const living = (kept: Kept): readonly string[] =>
  followedIn(kept).flatMap(({ spec }) =>
    spec.ok && spec.value.removed === undefined ? [spec.value.collection] : [],
  );

const ROLES = ['none', 'freeBusyReader', 'reader', 'writerWithoutPrivateAccess', 'writer', 'owner', ''];
const listing = fc.uniqueArray(
  fc.record({
    calendarId: fc.nat(9).map((name) => `c${String(name)}@group.example.com`),
    accessRole: fc.constantFrom(...ROLES),
  }),
  { selector: ({ calendarId }) => calendarId },
);
const watchSpec = fc.record(
  {
    role: fc.constantFrom('reader', 'writer', 'owner'),
    resources: fc.constantFrom(['events'], ['acl', 'events']),
    singleEvents: fc.boolean(),
  },
  { requiredKeys: ['role'] },
);

/** Returns the watches after following one list after another, the first of them by an earlier version. */
const followAll = (
  given: readonly [readonly ListedCalendar[], SpecFields][],
  to: typeof CONFIRMED | typeof UNCONFIRMED,
) => {
  const [first, by] = given[0] ?? [[], { role: 'reader' }];
  let kept: Kept = new Map([...wanted(by, first).values()].map(({ ids, spec }) => [ids[1] ?? '', spec]));
  for (const [list, follow] of given)
    kept = after(kept, planFollow(wanted(follow, list), followedIn(kept), to));
  return kept;
};

describe('the followed calendars', () => {
  test.each([
    ['reader', ['reader', 'writerWithoutPrivateAccess', 'writer', 'owner']],
    ['writer', ['writer', 'owner']],
    ['owner', ['owner']],
  ])('with the role %s are those with the access roles %j', (role, roles) => {
    const list = ROLES.map((accessRole) => ({ calendarId: `of-${accessRole}`, accessRole }));
    const calendars = [...wanted({ role }, list).values()].map(({ spec }) => spec.calendarId);
    expect(calendars).toEqual(roles.map((each) => `of-${each}`));
  });

  test('have their ACL watched only if the user owns them', () => {
    const list = ROLES.map((accessRole) => ({ calendarId: `of-${accessRole}`, accessRole }));
    const specs = [...wanted({ role: 'reader', resources: ['acl'] }, list).values()].map(({ spec }) => spec);
    expect(specs).toEqual([{ user: LIST.user, resource: 'acl', calendarId: 'of-owner' }]);
  });

  test('are watched with the credentials and the event options of the list', () => {
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

  test('have the clock of `follow` on their events, and are written again when it is edited', () => {
    const list = [{ calendarId: 'team', accessRole: 'owner' }];
    const follow = { role: 'reader', resources: ['events', 'acl'] };
    const plain = wanted(follow, list);
    const clocked = wanted({ ...follow, clock: ['-PT10M', 'start'] }, list);
    const other = wanted({ ...follow, clock: { moments: ['start', '-PT10M'] } }, list);
    expect([...clocked.values()].map(({ spec }) => spec.clock)).toEqual([['-PT10M', 'start'], undefined]);
    const kept = followedIn(after(new Map(), planFollow(clocked, [], CONFIRMED)));
    const resourcesWritten = (now: typeof clocked) => {
      const plan = planFollow(now, kept, CONFIRMED);
      return plan.do === 'write' && plan.write.map(({ spec }) => spec.resource);
    };
    expect(resourcesWritten(clocked)).toEqual([]);
    expect(resourcesWritten(other)).toEqual([]);
    expect(resourcesWritten(plain)).toEqual(['events']);
    expect(resourcesWritten(wanted({ ...follow, clock: ['end'] }, list))).toEqual(['events']);
  });

  test('exclude one whose id no document can have', () => {
    expect(wanted({ role: 'reader' }, [{ calendarId: '日%'.repeat(512), accessRole: 'owner' }]).size).toBe(0);
  });
});

describe('for any managed watches and any list,', () => {
  const lists = fc.array(fc.tuple(listing, watchSpec), { minLength: 1, maxLength: 5 });
  test('one pass leaves exactly the wanted watches, each once', () => {
    fc.assert(
      fc.property(lists, (given) => {
        const kept = followAll(given, CONFIRMED);
        const [list, follow] = given.at(-1) ?? [[], {}];
        const want = wanted(follow, list);
        expect(living(kept).toSorted()).toEqual([...want.keys()].toSorted());
        const mirrored = followedIn(kept).map(({ spec }) => spec.ok && spec.value.collection);
        expect(new Set(mirrored).size).toBe(mirrored.length);
        for (const { ids, spec } of want.values()) expect(ids.map((id) => kept.get(id))).toContainEqual(spec);
      }),
    );
  });

  test('a second pass writes nothing', () => {
    fc.assert(
      fc.property(lists, (given) => {
        const kept = followAll(given, CONFIRMED);
        const [list, follow] = given.at(-1) ?? [[], {}];
        expect(planFollow(wanted(follow, list), followedIn(kept), CONFIRMED)).toEqual({
          do: 'write',
          write: [],
          remove: [],
        });
      }),
    );
  });

  test('the next pass finishes one that stops anywhere', () => {
    fc.assert(
      fc.property(lists, listing, watchSpec, fc.nat(20), (given, list, follow, stop) => {
        const kept = followAll(given, CONFIRMED);
        const want = wanted(follow, list);
        const plan = planFollow(want, followedIn(kept), CONFIRMED);
        const half: FollowPlan =
          plan.do === 'confirm'
            ? plan
            : { do: 'write', write: plan.write.slice(0, stop), remove: plan.remove.slice(0, stop) };
        const stopped = after(kept, half);
        const finished = after(stopped, planFollow(want, followedIn(stopped), CONFIRMED));
        expect(living(finished).toSorted()).toEqual([...want.keys()].toSorted());
      }),
    );
  });

  test('an unconfirmed pass never removes the last watch', () => {
    fc.assert(
      fc.property(lists, listing, watchSpec, (given, list, follow) => {
        const kept = followAll(given, UNCONFIRMED);
        const next = after(kept, planFollow(wanted(follow, list), followedIn(kept), UNCONFIRMED));
        const before = living(kept);
        expect(before.length === 0 || before.some((id) => living(next).includes(id))).toBe(true);
      }),
    );
  });
});

describe('a list that has lost all followed calendars', () => {
  const kept = new Map<string, unknown>(
    [...wanted({ role: 'reader' }, [{ calendarId: 'a', accessRole: 'owner' }]).values()].map((each) => [
      each.ids[0] ?? '',
      each.spec,
    ]),
  );
  const others = [{ calendarId: 'b', accessRole: 'owner' }];

  test.each([
    ['is empty', []],
    ['has others', others],
  ])('and %s needs confirmation when it is first seen, even in a full sync', (_, list) => {
    const times = { emptySince: undefined, fullStartedAt: NOW, now: NOW };
    expect(planFollow(wanted({ role: 'reader' }, list), followedIn(kept), times)).toEqual({
      do: 'confirm',
      emptySince: NOW,
      requestFullSync: false,
    });
  });

  const since = NOW - CONFIRM_MS;
  test.each([
    ['no full sync since', { fullStartedAt: since - 1, now: since + CONFIRM_MS - 1 }, false],
    ['a full sync that started too early', { fullStartedAt: since + CONFIRM_MS - 1, now: NOW - 1 }, false],
    ['no full sync after ten minutes', { fullStartedAt: since - 1, now: NOW }, true],
  ])('still needs confirmation with %s', (_, times, requestFullSync) => {
    expect(planFollow(new Map(), followedIn(kept), { emptySince: since, ...times })).toEqual({
      do: 'confirm',
      emptySince: since,
      requestFullSync,
    });
  });

  test('is confirmed by a full sync that started ten minutes later', () => {
    expect(
      planFollow(new Map(), followedIn(kept), { emptySince: since, fullStartedAt: NOW, now: NOW }),
    ).toEqual({
      do: 'write',
      write: [],
      remove: [...kept.keys()],
    });
  });

  test('needs no confirmation if nothing is followed yet', () => {
    const plan = planFollow(wanted({ role: 'reader' }, others), [], UNCONFIRMED);
    expect(plan).toMatchObject({ do: 'write', write: [{ spec: { calendarId: 'b' } }] });
  });
});
