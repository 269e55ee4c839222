import { expect, test } from 'vitest';
import type { AssumptionId } from '../../../../../infra/cli/trial/assumptions.ts';
import { createEvidence } from '../../../../../infra/cli/trial/evidence.ts';
import { judgeNotifications } from '../../../../../infra/cli/trial/judge.ts';

const URI = 'https://www.googleapis.com/calendar/v3/calendars/x/events?alt=json';
const push = (messageNumber: number, resourceState = 'exists', resourceUri = URI) => ({
  reason: 'push' as const,
  watchId: 'w',
  channelId: 'c',
  messageNumber,
  resourceState,
  resourceUri,
});

/** Returns what is seen in notifications, by assumption. */
function judged(
  pushes: readonly ReturnType<typeof push>[],
  counts = { edits: 3, unannounced: 0 },
): Partial<Record<AssumptionId, string>> {
  const evidence = createEvidence();
  judgeNotifications(pushes, counts, evidence);
  const seen = evidence.sightings().filter(({ verdict }) => verdict !== 'unseen');
  return Object.fromEntries(seen.map(({ id, verdict }) => [id, verdict]));
}

const ALL = { G32: 'holds', G33: 'holds', G34: 'holds', G35: 'holds' };

test.each([
  ['with gaps in their numbers', [push(1, 'sync'), push(7), push(9)], ALL],
  ['repeated late', [push(1, 'sync'), push(7), push(9), push(7)], ALL],
  ['that start with another number', [push(5, 'sync'), push(7)], { ...ALL, G32: 'differs' }],
  ['in another state', [push(1, 'sync'), push(7, 'not_exists')], { ...ALL, G33: 'differs' }],
  ['with falling numbers', [push(1, 'sync'), push(9), push(7)], { ...ALL, G33: 'differs' }],
  ['of another URI', [push(1, 'sync', 'https://example.com/'), push(7)], { ...ALL, G34: 'differs' }],
])('notifications %s are judged', (_, pushes, expected) => {
  expect(judged(pushes)).toEqual(expected);
});

test('a few edits without notification are no deviation, but all of them are', () => {
  expect(judged([], { edits: 3, unannounced: 1 })).toEqual({ G35: 'holds' });
  expect(judged([], { edits: 3, unannounced: 3 })).toEqual({ G35: 'differs' });
});
