/** A followed list of three hundred calendars, on the cloud as it is deployed. */
import { expect } from 'vitest';
import { watchIdOf } from '../../../functions/watches/watch-id.ts';
import { cloudTest } from '../../support/cloud-test.ts';
import { eventually } from '../../support/eventually.ts';
import type { Pipeline } from '../../support/pipeline.ts';

const ADA = 'ada@example.com';
const BEN = 'ben@example.com';
const LIST = { user: ADA, resource: 'calendarList' } as const;
const FOLLOWER = watchIdOf(LIST);
const WITHIN_MS = 150_000;

const names = (from: number, to: number): readonly string[] =>
  Array.from({ length: to - from }, (_, index) => `team-${String(from + index)}@group.example.com`);
const LISTED = names(0, 299);
const ADDED = names(299, 324);
const REMOVED = names(0, 25);
/** On the list, with write access for ada. */
const PROMOTED = names(25, 30);

const shared = (id: string) => ({
  id,
  summary: id,
  acl: [{ role: 'reader', scope: { type: 'user', value: ADA } }],
});

const test = cloudTest({
  calendar: {
    initial: {
      users: [
        { email: BEN, calendars: names(0, 324).map(shared) },
        { email: ADA, lists: LISTED.map((id) => ({ id })) },
      ],
    },
  },
});

interface Kept {
  readonly id: string;
  readonly calendarId: string;
  readonly followedBy: string | undefined;
}

/** Returns every watch of a calendar's events that is not removed. */
async function kept(cloud: Pipeline): Promise<readonly Kept[]> {
  const { docs } = await cloud.firestore.collection('watches').get();
  return docs
    .filter((each) => each.id !== FOLLOWER && each.get('spec.removed') === undefined)
    .map((each) => ({
      id: each.id,
      calendarId: each.get('spec.calendarId'),
      followedBy: each.get('followedBy'),
    }));
}

/** Runs renew, as the scheduler does, until exactly these calendars have a watch each. */
const watchedAre = (cloud: Pipeline, calendars: readonly string[]): Promise<void> =>
  eventually(async () => {
    await cloud.renew();
    expect((await kept(cloud)).map(({ calendarId }) => calendarId).toSorted()).toEqual(calendars.toSorted());
  }, WITHIN_MS);

test('a list of 300 calendars is followed through 50 changes, without duplicates or edits of users’ own', async ({
  cloud,
}) => {
  // Two watches of ada's own: the calendar of one stays on the list, that of the other leaves it.
  const own = [
    { id: 'my-own', calendarId: LISTED[100] ?? '' },
    {
      id: watchIdOf({ user: ADA, resource: 'events', calendarId: REMOVED[0] ?? '' }),
      calendarId: REMOVED[0] ?? '',
    },
  ];
  for (const { id, calendarId } of own) await cloud.watch(id, { user: ADA, resource: 'events', calendarId });
  await cloud.renew();
  const written = async () =>
    Promise.all(
      own.map(async ({ id }) => {
        const { spec, followedBy } = (await cloud.firestore.doc(`watches/${id}`).get()).data() ?? {};
        return { id, spec, followedBy };
      }),
    );
  const before = await written();

  await cloud.watch(FOLLOWER, { ...LIST, follow: { role: 'reader' } });
  await watchedAre(cloud, [ADA, ...LISTED]);

  const api = cloud.as(ADA);
  await Promise.all([
    ...ADDED.map((id) => api.insert('users/me/calendarList', { id })),
    ...REMOVED.map((id) => api.remove(`users/me/calendarList/${id}`)),
  ]);
  await watchedAre(cloud, [ADA, ...LISTED.slice(REMOVED.length), ...ADDED, REMOVED[0] ?? '']);

  // Google shows a changed role in full lists only.
  for (const id of PROMOTED) {
    await cloud
      .as(BEN)
      .insert(`calendars/${id}/acl`, { role: 'writer', scope: { type: 'user', value: ADA } });
  }
  await cloud.firestore.doc(`watches/${FOLLOWER}`).update({
    'spec.follow': { role: 'writer' },
    'status.sync.fullStartedAt': new Date(0),
    nextDueAt: new Date(),
  });
  await watchedAre(cloud, [ADA, ...PROMOTED, ...own.map(({ calendarId }) => calendarId)]);

  expect(await written()).toEqual(before);
  const all = await kept(cloud);
  expect(
    all
      .filter(({ followedBy }) => followedBy === undefined)
      .map(({ id }) => id)
      .toSorted(),
  ).toEqual(own.map(({ id }) => id).toSorted());
}, 400_000);
