/** Rejected requests are logged in samples whose counts add up, also when the instance ends. */
import { randomUUID } from 'node:crypto';
import type { OutgoingHttpHeaders } from 'node:http';
import { expect } from 'vitest';
import { cloudTest } from '../support/cloud-test.ts';
import { notificationHeaders, sendNotification } from '../support/notification-request.ts';

const test = cloudTest();

const FORGED = 200;
const INCOMPLETE = 50;

test('rejected requests cost a few log entries, which count every one of them', async ({ cloud }) => {
  const send = (headers: OutgoingHttpHeaders) =>
    sendNotification(cloud.urls.receive, headers).then(({ status }) => status);
  const forged = Array.from({ length: FORGED }, () => notificationHeaders(randomUUID(), 'forged'));
  const incomplete = Array.from({ length: INCOMPLETE }, () => ({ 'x-goog-channel-id': randomUUID() }));
  const statuses = await Promise.all([...forged, ...incomplete].map((headers) => send(headers)));
  expect(new Set(statuses)).toEqual(new Set([400, 403]));

  await cloud.end('receive');
  const entries = cloud.logs.filter(({ message }) => message === 'notifications rejected');
  // For each reason the first request, one entry a minute, and what is left at the end.
  expect(entries.length).toBeLessThan(20);
  const counted: Record<string, number> = {};
  for (const { severity, fields } of entries) {
    expect(severity).toBe('WARNING');
    const { metric, status, count } = fields;
    expect(metric).toBe('rejection');
    counted[String(status)] = (counted[String(status)] ?? 0) + Number(count);
  }
  expect(counted).toEqual({ 403: FORGED, 400: INCOMPLETE });
  await cloud.restart('receive');
});
