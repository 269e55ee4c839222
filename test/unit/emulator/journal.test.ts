import { expect, test } from 'vitest';
import { createJournal } from '../../../infra/emulator/journal/journal.ts';
import {
  sampleNotification as notification,
  sampleRequest as request,
} from '../../support/emulator/sample-entries.ts';

test('requests and notifications can be filtered by any field', () => {
  const journal = createJournal();
  journal.record(request());
  journal.record(request({ user: 'bob@example.com', status: 410 }));
  journal.record(notification());
  journal.record(notification({ channelId: 'c2', fate: 'dropped' }));
  expect(journal.requests({ status: 410 })).toEqual([request({ user: 'bob@example.com', status: 410 })]);
  expect(journal.requests({ user: 'ada@example.com', status: 410 })).toEqual([]);
  expect(journal.notifications({ fate: 'dropped' }).map((entry) => entry.channelId)).toEqual(['c2']);
});

test('the oldest entries are dropped first, and counts stay exact', () => {
  const journal = createJournal(10);
  for (let time = 0; time < 45; time += 1) journal.record(request({ time }));
  expect(journal.requests().map((entry) => entry.time)).toEqual([35, 36, 37, 38, 39, 40, 41, 42, 43, 44]);
  expect(journal.counts()).toEqual({
    requests: { 'calendar.events.list': 45 },
    statuses: { 200: 45 },
    notifications: {},
  });
});

test('a subscriber receives every entry until it unsubscribes', () => {
  const journal = createJournal();
  const heard: string[] = [];
  const unsubscribe = journal.subscribe((entry) => heard.push(entry.kind));
  journal.record(request());
  journal.record(notification());
  unsubscribe();
  journal.record(request());
  expect(heard).toEqual(['request', 'notification']);
});

test('clearing removes entries and counts', () => {
  const journal = createJournal();
  journal.record(request());
  journal.clear();
  expect(journal.requests()).toEqual([]);
  expect(journal.counts().requests).toEqual({});
});

test('the cause is the request that is running, also after a wait and beside another one', async () => {
  const journal = createJournal();
  const second = Promise.withResolvers<void>();
  const slow = journal.during(async (id) => {
    await second.promise;
    return [id, journal.cause()];
  });
  const quick = journal.during((id) => {
    second.resolve();
    return [id, journal.cause()];
  });
  expect(quick).toEqual(['request-2', 'request-2']);
  expect(await slow).toEqual(['request-1', 'request-1']);
  expect(journal.cause()).toBeUndefined();
});

test('a request of one journal is no cause in another', () => {
  const other = createJournal();
  expect(createJournal().during(() => other.cause())).toBeUndefined();
});
