import { describe, expect, test } from 'vitest';
import type { Notification } from '../../../../functions/feed/notification.ts';
import type { Traversal } from '../../../../functions/watches/status.ts';
import type { Watch } from '../../../../functions/watches/watch.ts';
import { decide } from '../../../../functions/sync/decide.ts';
import {
  CLOCK,
  CLOCKED,
  clockStatus,
  intervals,
  listWatch,
  MANUAL,
  newWatch,
  NOW,
  POLL,
  PUSH,
  sampleWatch,
  SPEC,
  SYNCED,
  synced,
  TRAVERSAL,
  WATCH_SPEC,
} from '../../../support/sample-watch.ts';

const DAY = 86_400_000;

const FULL: Notification = { watchId: 'watch-1', reason: 'manual', full: true };

const drop = (why: string, confirmsChannelAlive = false) => ({ do: 'drop', why, confirmsChannelAlive });
const start = (kind: string) => ({ do: 'sync', start: kind });
const removing = (removed: string, rest: Partial<Omit<Watch, 'spec'>> = {}): Watch =>
  sampleWatch({ spec: { ...SPEC, removed }, state: 'removing', ...rest });

describe('a notification', () => {
  test.each<[string, Notification, Watch, object]>([
    ['of an active watch starts an incremental sync', PUSH, sampleWatch(), start('incremental')],
    ['that is a poll starts an incremental sync', POLL, sampleWatch(), start('incremental')],
    ['that is manual starts an incremental sync', MANUAL, sampleWatch(), start('incremental')],
    ['that requests a full sync starts one', FULL, sampleWatch(), start('full')],
    [
      'of a watch that never synced starts a full sync',
      POLL,
      sampleWatch({ sync: { sequence: 0, failures: 0 } }),
      start('full'),
    ],
    [
      'of a watch without a token starts a full sync',
      PUSH,
      sampleWatch({ sync: { ...SYNCED, token: undefined } }),
      start('full'),
    ],
    [
      'after an edit of the parameters starts a full sync',
      PUSH,
      sampleWatch({ spec: { ...SPEC, singleEvents: true } }),
      start('full'),
    ],
    [
      'of a calendar list listed in full today starts an incremental sync',
      POLL,
      listWatch({ ...SYNCED, fullStartedAt: NOW - DAY + 1 }),
      start('incremental'),
    ],
    [
      'of a calendar list listed in full yesterday starts a full sync',
      POLL,
      listWatch({ ...SYNCED, fullStartedAt: NOW - DAY }),
      start('full'),
    ],
    [
      'of events listed in full long ago starts an incremental sync',
      POLL,
      sampleWatch({ sync: synced({ fullStartedAt: 0 }) }),
      start('incremental'),
    ],
    [
      'that announces an open channel is dropped',
      { ...PUSH, resourceState: 'sync' },
      sampleWatch(),
      drop('channelOpened'),
    ],
    [
      'of a paused watch starts an incremental sync',
      POLL,
      sampleWatch({ state: 'paused', reason: 'authError' }),
      start('incremental'),
    ],
    [
      'of a gone watch starts an incremental sync',
      POLL,
      sampleWatch({ state: 'gone', reason: 'notFound' }),
      start('incremental'),
    ],
    ['of a new watch claims its collection', PUSH, newWatch(), { do: 'claim', watchSpec: WATCH_SPEC }],
    [
      'after an edit of the identity claims the collection',
      PUSH,
      sampleWatch({ spec: { ...SPEC, calendarId: 'other' } }),
      { do: 'claim' },
    ],
    [
      'after a correction of the spec claims the collection',
      PUSH,
      sampleWatch({ state: 'paused', reason: 'invalidSpec' }),
      { do: 'claim' },
    ],
    [
      'of a restored identity claims the collection',
      PUSH,
      sampleWatch({ state: 'paused', reason: 'specChanged' }),
      { do: 'claim' },
    ],
    [
      'of a collection that was taken claims it',
      PUSH,
      sampleWatch({ state: 'paused', reason: 'collectionTaken' }),
      { do: 'claim' },
    ],
    [
      'of a removed watch that was added again claims the collection',
      PUSH,
      sampleWatch({ state: 'removed' }),
      { do: 'claim' },
    ],
    [
      'of a watch added again during its removal claims the collection',
      PUSH,
      sampleWatch({ state: 'removing' }),
      { do: 'claim' },
    ],
    [
      'of a watch whose removal has not begun requests a reconcile',
      PUSH,
      sampleWatch({ spec: { ...SPEC, removed: 'keep' } }),
      { do: 'requestReconcile' },
    ],
    ['of a removal that keeps the items releases the watch', POLL, removing('keep'), { do: 'release' }],
    ['of a removal that purges the items purges them', POLL, removing('purge'), { do: 'purge' }],
    [
      'of a removal after an edit of the identity claims the collection',
      POLL,
      removing('purge', { collection: 'other' }),
      { do: 'claim' },
    ],
    ['of a removed watch is dropped', POLL, removing('purge', { state: 'removed' }), drop('removed')],
    [
      'of a removed watch with an invalid spec is dropped',
      PUSH,
      sampleWatch({ spec: {}, state: 'removed' }),
      drop('removed'),
    ],
  ])('%s', (_, notification, watch, expected) => {
    expect(decide(notification, NOW, watch, intervals(0))).toMatchObject(expected);
  });

  test('of an invalid spec pauses the watch with the reason', () => {
    const watch = sampleWatch({ spec: { ...SPEC, resource: 'tasks' } });
    expect(decide(PUSH, NOW, watch, intervals(0))).toEqual({
      do: 'pause',
      reason: 'invalidSpec',
      detail: expect.stringContaining('spec.resource'),
    });
  });
});

describe('during a traversal, a notification', () => {
  test.each<[string, Notification, number, object]>([
    ['published before it resumes it', PUSH, -1000, { resume: TRAVERSAL, isFollower: false }],
    [
      'published later is coalesced into it',
      PUSH,
      -999,
      { resume: { ...TRAVERSAL, coalesced: true }, isFollower: true },
    ],
    [
      'for a full sync resumes a full one that began later',
      FULL,
      -1000,
      { resume: TRAVERSAL, isFollower: false },
    ],
    ['for a full sync starts over if it came later', FULL, -999, { start: 'full' }],
  ])('%s', (_, notification, after, expected) => {
    const watch = sampleWatch({ sync: synced({ startedAt: undefined, traversal: TRAVERSAL }) });
    expect(decide(notification, TRAVERSAL.startedAt + after, watch, intervals(2000))).toEqual({
      do: 'sync',
      watchSpec: WATCH_SPEC,
      ...expected,
    });
  });

  test('for a full sync resumes no incremental one, however late that began', () => {
    const traversal: Traversal = { ...TRAVERSAL, kind: 'incremental' };
    const watch = sampleWatch({
      sync: synced({ startedAt: undefined, fullStartedAt: undefined, traversal }),
    });
    expect(decide(FULL, NOW - DAY, watch, intervals(2000))).toMatchObject(start('full'));
  });
});

const clocked = (given: Parameters<typeof sampleWatch>[0] = {}): Watch =>
  sampleWatch({ spec: CLOCKED, clock: clockStatus(NOW), ...given });

describe('a request for the clock', () => {
  test.each<[string, Watch, object]>([
    ['publishes moments when the next one is near', clocked(), { do: 'clock' }],
    ['publishes moments of a clock that never ran', clocked({ clock: undefined }), { do: 'clock' }],
    [
      'publishes moments during a traversal',
      clocked({ sync: { ...SYNCED, traversal: TRAVERSAL } }),
      { do: 'clock' },
    ],
    [
      'publishes moments while syncs fail',
      clocked({ sync: { ...SYNCED, failures: 9, failedAt: NOW } }),
      { do: 'clock' },
    ],
    [
      'is skipped when it is delivered again',
      clocked({ clock: clockStatus(NOW + DAY) }),
      drop('clockNotDue'),
    ],
    ['is skipped without a clock', sampleWatch(), drop('noClock')],
    ['is skipped before the first sync', clocked({ sync: { sequence: 0, failures: 0 } }), drop('noClock')],
    [
      'is skipped while the watch is paused',
      clocked({ state: 'paused', reason: 'authError' }),
      drop('noClock'),
    ],
    [
      'pauses a watch whose clock is invalid',
      clocked({ spec: { ...CLOCKED, clock: ['x'] } }),
      { do: 'pause' },
    ],
    ['claims the collection first', clocked({ collection: undefined }), { do: 'claim' }],
  ])('%s', (_, watch, expected) => {
    expect(decide(CLOCK, NOW, watch, intervals(0))).toMatchObject(expected);
  });
});
