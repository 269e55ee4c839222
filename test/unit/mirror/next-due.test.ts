import { Timestamp } from '@google-cloud/firestore';
import { expect, test } from 'vitest';
import { nextDueOf } from '../../../functions/mirror/commit.ts';
import { NOW } from '../../support/sample-watch.ts';

const HOUR = 3_600_000;

test.each([
  ['nothing is to be looked at', undefined, NOW + HOUR, undefined],
  ['nobody was going to look', NOW, undefined, NOW],
  ['renew was going to look later', NOW, NOW + HOUR, NOW],
  ['renew looks earlier anyway', NOW + HOUR, NOW, NOW - 1],
  // Renew has read the watch, published the poll that led here, and is about to put the watch off.
  ['renew is looking just now', NOW, NOW, NOW - 1],
])('a step moves nextDueAt ahead of what renew may have read: %s', (_, dueAt, before, expected) => {
  const nextDueAt = before === undefined ? undefined : Timestamp.fromMillis(before);
  const version = { updateTime: Timestamp.fromMillis(NOW), nextDueAt };
  expect(nextDueOf({ dueAt, version })?.toMillis()).toBe(expected);
});
