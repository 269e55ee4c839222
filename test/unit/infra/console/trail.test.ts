import { expect, test } from 'vitest';
import { createTrail } from '../../../../infra/console/source/trail.ts';
import { legsOf } from '../../../../infra/console/model/timeline.ts';

const T = Date.parse('2030-01-01T00:00:00Z');
const change = { watchId: 'a', sequence: 3, occurredAt: new Date(T + 60).toISOString() };
const notice = { watchId: 'a', channelId: 'c', number: 7 };

test('a change has the hops from the edit to the feed', () => {
  const trail = createTrail();
  trail.requested('r1', T);
  // The delivery is reported when receive has answered, after its own log line.
  trail.published(notice, T + 30);
  trail.sent(notice, 'r1', T + 10);
  trail.mirrored('a', 3, T + 90);
  const hops = trail.hopsOf(change, T + 100);
  expect(hops).toEqual([
    { stage: 'edit', at: T },
    { stage: 'notification', at: T + 10 },
    { stage: 'receive', at: T + 30 },
    { stage: 'sync', at: T + 60 },
    { stage: 'mirror', at: T + 90 },
    { stage: 'feed', at: T + 100 },
  ]);
  expect(legsOf(hops)).toEqual({
    legs: [
      { stage: 'notification', ms: 10 },
      { stage: 'receive', ms: 20 },
      { stage: 'sync', ms: 30 },
      { stage: 'mirror', ms: 30 },
      { stage: 'feed', ms: 10 },
    ],
    total: 100,
  });
});

test('the notification is the latest before sync found the change, of the same watch', () => {
  const trail = createTrail();
  trail.sent({ ...notice, number: 1 }, 'old', T + 5);
  trail.sent({ ...notice, number: 2 }, 'near', T + 50);
  trail.sent({ ...notice, number: 3 }, 'later', T + 70);
  trail.sent({ ...notice, watchId: 'b' }, 'other', T + 55);
  for (const id of ['old', 'near', 'later', 'other']) trail.requested(id, T);
  expect(trail.hopsOf(change, T + 100)).toContainEqual({ stage: 'notification', at: T + 50 });
});

test('hops that nothing tells of are left out', () => {
  const trail = createTrail();
  expect(trail.hopsOf(change, T + 100).map(({ stage }) => stage)).toEqual(['sync', 'feed']);
  // A poll, or a change that a control route made, has no cause.
  trail.sent(notice, undefined, T);
  expect(trail.hopsOf(change, T + 100).map(({ stage }) => stage)).toEqual(['notification', 'sync', 'feed']);
});

test('clocks that disagree show no negative time', () => {
  expect(
    legsOf([
      { stage: 'sync', at: T + 5 },
      { stage: 'feed', at: T },
    ]),
  ).toEqual({
    legs: [{ stage: 'feed', ms: 0 }],
    total: 0,
  });
  expect(legsOf([])).toEqual({ legs: [], total: 0 });
});
