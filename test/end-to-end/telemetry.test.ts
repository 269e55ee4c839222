/** What the functions log, as Cloud Logging ingests it. */
import { randomUUID } from 'node:crypto';
import { FieldValue } from '@google-cloud/firestore';
import { expect } from 'vitest';
import * as z from 'zod';
import { METRICS } from '../../functions/runtime/metrics.ts';
import type { LogEntry } from '../../infra/local/function.ts';
import { NAMES } from '../../infra/local/topics.ts';
import { clockTest, HOUR, MINUTE, timesIn } from '../support/clock-test.ts';
import { eventually } from '../support/eventually.ts';
import { notificationHeaders, sendNotification } from '../support/notification-request.ts';
import type { Pipeline } from '../support/pipeline.ts';
import { readConfiguration } from '../support/terraform/configuration.ts';
import { logMetricsOf } from '../support/terraform/log-metrics.ts';
import { MODULE, PLAIN } from '../support/terraform/module.ts';
import { planOf } from '../support/terraform/plan.ts';

const test = clockTest();

const Line = z.looseObject({ 'logging.googleapis.com/trace': z.string().optional() });
/** Returns the entries of a trace, with their function and message. */
const linesOf = (cloud: Pipeline, traceId: string) =>
  cloud.logs
    .filter(({ line }) => line.startsWith('{'))
    .filter(({ line }) => Line.parse(JSON.parse(line))['logging.googleapis.com/trace']?.endsWith(traceId))
    .map(({ function: by, message }) => [by, message]);

const newTrace = (): string => randomUUID().replaceAll('-', '');

test('every function links its log entries to the trace of their request, and to no other', async ({
  cloud,
}) => {
  const [refused, other, unknown, run] = [newTrace(), newTrace(), newTrace(), newTrace()];
  await sendNotification(cloud.urls.receive, {
    ...notificationHeaders(randomUUID(), 'forged'),
    traceparent: `00-${refused}-b7ad6b7169203331-01`,
  });
  await Promise.all([
    // For another reason: rejections for one reason share an entry.
    sendNotification(cloud.urls.receive, {
      ...notificationHeaders(randomUUID(), 'forged'),
      'x-goog-message-number': 'none',
      'x-cloud-trace-context': `${other}/74;o=1`,
    }),
    sendNotification(cloud.urls.receive, notificationHeaders(randomUUID(), 'forged')),
    cloud.pushNow('no-such-watch', { traceparent: `00-${unknown}-b7ad6b7169203331-01` }),
    cloud.pushNow('no-such-watch'),
  ]);
  await fetch(cloud.urls.renew, { method: 'POST', headers: { 'x-cloud-trace-context': `${run}/1` } });
  await eventually(() => {
    expect(linesOf(cloud, refused)).toEqual([['receive', 'notifications rejected']]);
    expect(linesOf(cloud, other)).toEqual([['receive', 'notifications rejected']]);
    expect(linesOf(cloud, unknown)).toEqual([['sync', 'notification for an unknown watch']]);
    expect(linesOf(cloud, run)).toEqual([['renew', 'renewed']]);
  });
});

const metrics = logMetricsOf(planOf(await readConfiguration(MODULE), PLAIN));

/** Returns an entry as Cloud Logging stores it. */
const entryOf = ({ function: by, line }: LogEntry) => ({
  resource: { type: 'cloud_run_revision', labels: { service_name: `calendar-${by}` } },
  jsonPayload: Line.parse(JSON.parse(line)),
});
const entries = (cloud: Pipeline) =>
  cloud.logs.filter(({ line }) => line.startsWith('{')).map((entry) => entryOf(entry));

/** Returns the labels of a metric entry whose values the metric does not have. */
function unknownLabels({ metric, ...payload }: Readonly<Record<string, unknown>>): readonly unknown[] {
  if (metric === undefined) return [];
  const measure = Object.entries(METRICS).find(([name]) => name === metric)?.[1];
  if (measure === undefined) return [{ metric }];
  return Object.entries<readonly unknown[]>(measure.labels)
    .filter(([label, known]) => known.length > 0 && !known.includes(payload[label]))
    .map(([label]) => ({ metric, [label]: payload[label] }));
}

test('every metric is logged with all its labels, and without the contents of items', async ({
  cloud,
  clocks,
}) => {
  // Moments after an outage: one to come, one that is late, and one that is dropped.
  const host = cloud.newUser();
  for (const startsIn of [MINUTE, -10 * MINUTE, -2 * HOUR]) {
    const party = { summary: 'a surprise', ...timesIn(startsIn) };
    await cloud.as(host).insert(`calendars/${host}/events`, party);
  }
  const clocked = await clocks.watched(host, ['start']);
  await clocks.moveBack(clocked, 3 * HOUR);
  await cloud.renew();

  const user = cloud.newUser();
  const events = `calendars/${user}/events`;
  const times = { start: { date: '2030-01-01' }, end: { date: '2030-01-02' } };
  const { id } = await cloud.as(user).insert(events, { summary: 'a surprise', ...times });
  const watch = await cloud.register({ user, resource: 'events', calendarId: user });
  await cloud.processed(watch);
  const [channel] = cloud.live(user);
  await cloud.as(user).patch(`${events}/${id}`, { description: 'a secret' });
  await cloud.processed(watch);

  // A rejected request, an invalid message, and one that fails for now.
  await sendNotification(cloud.urls.receive, notificationHeaders('not-its-channel', channel?.token ?? ''));
  await cloud.pubsub
    .topic(NAMES.notifications)
    .publishMessage({ attributes: { watch }, data: Buffer.from('{}') });
  // A watch that does not know what is published has its whole outbox read.
  const unknown = { 'status.sync.publishedTo': FieldValue.delete() };
  await cloud.firestore.doc(`watches/${watch}`).update(unknown);
  await cloud.firestore.doc(`watches/${watch}/outbox/0000000000000001`).set({ changes: 'no JSON' });
  await cloud.pushNow(watch);
  // An outbox entry from an hour ago.
  const left = {
    watchId: watch,
    user,
    resource: 'events',
    calendarId: user,
    itemId: id,
    change: 'snapshot',
    sequence: 1,
    before: null,
    after: { id },
    occurredAt: new Date(Date.now() - 3_600_000).toISOString(),
  };
  await cloud.firestore
    .doc(`watches/${watch}/outbox/0000000000000001`)
    .set({ changes: JSON.stringify([left]) });
  await cloud.processed(watch);

  // A call over quota, and then none at all.
  const match = { method: 'calendar.events.list', user };
  {
    const effect = { do: 'fail', status: 403, reason: 'rateLimitExceeded' } as const;
    using _ = cloud.fault({ on: 'request', match, effect, times: 1 });
    await cloud.processed(watch);
  }
  using _ = cloud.fault({ on: 'request', match, effect: { do: 'fail', status: 403, reason: 'forbidden' } });
  await cloud.requestSync(watch);
  await eventually(async () => expect(await cloud.status(watch)).toMatchObject({ state: 'paused' }));
  await cloud.renewNow(watch);

  await eventually(() => {
    expect(
      metrics.map(({ type, matches }) => [type, entries(cloud).some((entry) => matches(entry))]),
    ).toEqual(metrics.map(({ type }) => [type, true]));
  });
  for (const { type, matches, read } of metrics) {
    for (const entry of entries(cloud).filter((each) => matches(each))) {
      const { labels, value } = read(entry);
      const kinds = Object.values(labels).map((label) => typeof label);
      expect([type, ...kinds, typeof value]).toEqual([type, ...kinds.map(() => 'string'), 'number']);
    }
  }
  expect(entries(cloud).flatMap(({ jsonPayload }) => unknownLabels(jsonPayload))).toEqual([]);
  const { sync } = await cloud.status(watch);
  const written = cloud.logs.map(({ line }) => line).join('');
  const secrets = [channel?.token, sync?.token, 'a surprise', 'a secret'];
  expect(secrets.filter((secret) => secret === undefined || written.includes(secret))).toEqual([]);
});
