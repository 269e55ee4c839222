import { Timestamp } from '@google-cloud/firestore';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { STATES } from '../../../../functions/watches/states.ts';
import type { SyncStatus, Traversal } from '../../../../functions/watches/status.ts';
import { timestamp } from '../../../../functions/firestore/timestamps.ts';
import { NEVER_SYNCED, readWatch, UnreadableWatch, writeSync } from '../../../../functions/watches/watch.ts';
import { NOW, SPEC, WATCH_SPEC } from '../../../support/sample-watch.ts';

const at = (ms: number): Timestamp => Timestamp.fromMillis(ms);

/** A document as Firestore hands it out: without the fields that are undefined. */
const stored = (fields: object) => ({
  id: 'watch-1',
  exists: true,
  updateTime: at(NOW - 5000),
  readTime: at(NOW),
  data: () => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)),
});
const defined = (fields: object): object =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

const time = fc.integer({ min: 0, max: 2 * NOW });
const traversal: fc.Arbitrary<Traversal> = fc.record(
  {
    id: fc.string(),
    kind: fc.constantFrom('full', 'incremental', 'purge'),
    origin: fc.record(
      { reason: fc.string(), state: fc.string(), channel: fc.string() },
      { requiredKeys: ['reason'] },
    ),
    parametersKey: fc.string(),
    startedAt: time,
    stepsCommitted: fc.nat(),
    changeCount: fc.nat(),
    pageToken: fc.string(),
    seenPages: fc.nat(),
    sweep: fc.record({ token: fc.string(), after: fc.string() }, { requiredKeys: [] }),
    deletedParents: fc.array(fc.string()),
  },
  { requiredKeys: ['id', 'kind', 'parametersKey', 'startedAt', 'stepsCommitted', 'changeCount'] },
);
const sync: fc.Arbitrary<SyncStatus> = fc.record(
  {
    token: fc.string(),
    parametersKey: fc.string(),
    traversal,
    sequence: fc.nat(),
    startedAt: time,
    completedAt: time,
    fullStartedAt: time,
    failures: fc.nat(),
    failedAt: time,
    error: fc.string(),
    followUpAt: time,
    suspectChannelId: fc.string(),
    skippedItems: fc.array(fc.record({ item: fc.string(), reason: fc.string() })),
  },
  { requiredKeys: ['sequence', 'failures'] },
);

describe('a watch document', () => {
  test('that a person has just written is a pending watch that was never synced', () => {
    expect(readWatch(stored({ spec: SPEC }))).toEqual({
      id: 'watch-1',
      spec: { ok: true, value: WATCH_SPEC },
      state: 'pending',
      reason: undefined,
      collection: undefined,
      epoch: 0,
      channel: undefined,
      watchCall: undefined,
      sync: NEVER_SYNCED,
      nextDueAt: undefined,
      readTime: NOW,
      version: { updateTime: at(NOW - 5000), nextDueAt: undefined },
    });
  });

  test('returns what renew wrote', () => {
    const channel = { id: 'c', resourceId: 'r', lifetimeMs: 9, parametersKey: 'p' };
    const watchCall = { failures: 2, reason: 'backendError' };
    const status = {
      state: 'polling',
      reason: 'backendError',
      collection: 'users/me/settings',
      channel: { ...channel, expiresAt: at(NOW + 1000), createdAt: at(NOW - 1000) },
      watchCall: { ...watchCall, failedAt: at(NOW - 10) },
    };
    expect(readWatch(stored({ spec: SPEC, status, nextDueAt: at(NOW + 7) }))).toMatchObject({
      state: 'polling',
      reason: 'backendError',
      collection: 'users/me/settings',
      channel: { ...channel, expiresAt: NOW + 1000, createdAt: NOW - 1000 },
      watchCall: { ...watchCall, failedAt: NOW - 10 },
      nextDueAt: NOW + 7,
      version: { nextDueAt: at(NOW + 7) },
    });
  });

  test('returns what sync wrote, whatever it was', () => {
    fc.assert(
      fc.property(sync, fc.constantFrom(...STATES), (written, state) => {
        const watch = readWatch(stored({ spec: SPEC, status: { state, sync: defined(writeSync(written)) } }));
        expect(watch?.state).toBe(state);
        expect(watch?.sync).toEqual(written);
      }),
    );
  });

  test('of an earlier version is read under the names that its fields have now', () => {
    const begun = { id: 't', kind: 'full', parametersKey: 'p', startedAt: at(NOW) };
    const former = { ...begun, position: 3, news: 2, joined: true };
    const skipped = [{ item: 'x', reason: 'y' }];
    const formerSync = { sequence: 9, unannounced: 'channel-0', setAside: skipped, traversal: former };
    expect(readWatch(stored({ spec: SPEC, status: { sync: formerSync } }))?.sync).toEqual({
      sequence: 9,
      failures: 0,
      suspectChannelId: 'channel-0',
      skippedItems: skipped,
      traversal: { ...begun, startedAt: NOW, stepsCommitted: 3, changeCount: 2, coalesced: true },
    });
  });

  test('of an early version without a failure count has none', () => {
    expect(readWatch(stored({ spec: SPEC, status: { sync: { sequence: 3 } } }))?.sync).toEqual({
      sequence: 3,
      failures: 0,
    });
  });

  test('with a mistake in its spec or time is readable and says so', () => {
    const watch = readWatch(stored({ spec: { ...SPEC, user: 7 }, nextDueAt: 'now' }));
    expect(watch).toMatchObject({ spec: { ok: false }, nextDueAt: undefined });
  });

  test('without a spec is readable and says so', () => {
    expect(readWatch(stored({ nextDueAt: at(NOW) }))).toMatchObject({ spec: { ok: false }, nextDueAt: NOW });
  });

  test('of an earlier version does not tell what of its outbox is published', () => {
    const status = { sync: { sequence: 3, publishedThrough: 3 } };
    const watch = readWatch(stored({ spec: SPEC, status }));
    expect(watch?.sync).toEqual({ sequence: 3, failures: 0 });
  });

  test('is undefined without a document', () => {
    expect(readWatch({ ...stored({ spec: SPEC }), exists: false })).toBeUndefined();
    const { updateTime: _, ...unwritten } = stored({ spec: SPEC });
    expect(readWatch(unwritten)).toBeUndefined();
  });

  test.each([
    ['status', 'active'],
    ['status.state', { state: 'lively' }],
    ['status.sync.sequence', { sync: {} }],
    ['status.sync.sequence', { sync: { sequence: -1 } }],
    ['status.sync.sequence', { sync: { sequence: 1.5 } }],
    ['status.sync.startedAt', { sync: { sequence: 1, startedAt: NOW } }],
    ['status.sync.token, status.sync.startedAt', { sync: { sequence: 1, startedAt: NOW, token: 7 } }],
    ['status.channel.expiresAt', { channel: { id: 'c', resourceId: 'r', createdAt: at(NOW) } }],
    ['status.watchCall.reason', { watchCall: { failures: 1, failedAt: at(NOW) } }],
  ])('with an impossible %s cannot be read, and says where', (where, status) => {
    const read = (): unknown => readWatch(stored({ spec: SPEC, status }));
    expect(read).toThrow(UnreadableWatch);
    expect(read).toThrow(expect.objectContaining({ name: 'UnreadableWatch' }));
    expect(read).toThrow(
      `watches/watch-1 has an invalid status (${where}): correct it, or delete the field "status" to list and announce everything again`,
    );
  });
});

describe('a time', () => {
  test('is stored to the millisecond', () => {
    expect(timestamp(NOW + 0.9)).toEqual(at(NOW));
  });

  test('that is undefined stays undefined', () => {
    expect(timestamp(undefined)).toBeUndefined();
  });
});
