/** What the functions tell about themselves, as Cloud Logging takes it in. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod';
import { eventually } from '../support/cloud.ts';
import { notificationHeaders, sendNotification } from '../support/notification-request.ts';
import { startPipeline, type Pipeline } from '../support/pipeline.ts';

let cloud: Pipeline;

beforeAll(async () => {
  cloud = await startPipeline();
});
afterAll(() => cloud[Symbol.asyncDispose]());

const Line = z.looseObject({ 'logging.googleapis.com/trace': z.string().optional() });
/** The entries of a trace, by who wrote them and what they say. */
const linesOf = (traceId: string) =>
  cloud.logs
    .filter(({ line }) => line.startsWith('{'))
    .filter(({ line }) => Line.parse(JSON.parse(line))['logging.googleapis.com/trace']?.endsWith(traceId))
    .map(({ function: by, message }) => [by, message]);

const newTrace = (): string => randomUUID().replaceAll('-', '');

test('every function links its log entries to the trace of the request that they are about, and to no other', async () => {
  const [refused, other, unknown, run] = [newTrace(), newTrace(), newTrace(), newTrace()];
  await sendNotification(cloud.urls.receive, {
    ...notificationHeaders(randomUUID(), 'forged'),
    traceparent: `00-${refused}-b7ad6b7169203331-01`,
  });
  await Promise.all([
    sendNotification(cloud.urls.receive, {
      ...notificationHeaders(randomUUID(), 'forged'),
      'x-cloud-trace-context': `${other}/74;o=1`,
    }),
    sendNotification(cloud.urls.receive, notificationHeaders(randomUUID(), 'forged')),
    cloud.pushNow('no-such-watch', { traceparent: `00-${unknown}-b7ad6b7169203331-01` }),
    cloud.pushNow('no-such-watch'),
  ]);
  await fetch(cloud.urls.renew, { method: 'POST', headers: { 'x-cloud-trace-context': `${run}/1` } });
  await eventually(() => {
    expect(linesOf(refused)).toEqual([['receive', 'notification refused']]);
    expect(linesOf(other)).toEqual([['receive', 'notification refused']]);
    expect(linesOf(unknown)).toEqual([['sync', 'notification for an unknown watch']]);
    expect(linesOf(run)).toEqual([['renew', 'renewed']]);
  });
});
