import { expect, test } from 'vitest';
import { boundaryOf, parseMultipart, parseSection } from '../../../infra/emulator/wire/multipart.ts';
import { ADA, BOB, emulatedForEachTest } from '../../support/emulator/emulated.ts';
import type { Emulated } from '../../support/emulator/emulated.ts';

const start = emulatedForEachTest();

const EVENTS = '/calendar/v3/calendars/primary/events';
const json = (value: unknown): string => `Content-Type: application/json\r\n\r\n${JSON.stringify(value)}`;
const insert = (id: string): string =>
  `POST ${EVENTS} HTTP/1.1\r\n${json({ id, summary: id, start: { date: '2030-01-01' }, end: { date: '2030-01-02' } })}`;

interface Part {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly json: unknown;
}

/** Sends calls as Ada, and returns their answers. */
async function batch({ emulator }: Emulated, ...calls: string[]): Promise<Part[]> {
  const parts = calls.map(
    (call, index) => `--b\r\nContent-Type: application/http\r\nContent-ID: <${index}>\r\n\r\n${call}\r\n`,
  );
  const answer = await fetch(`${emulator.url}/batch/calendar/v3`, {
    method: 'POST',
    headers: { authorization: `Bearer ${ADA}`, 'content-type': 'multipart/mixed; boundary=b' },
    body: `${parts.join('')}--b--`,
  });
  expect(answer.status).toBe(200);
  const boundary = boundaryOf(answer.headers.get('content-type') ?? '') ?? '';
  return (parseMultipart(await answer.text(), boundary) ?? []).map(({ headers, body }, index) => {
    expect(headers).toEqual({ 'content-type': 'application/http', 'content-id': `<response-${index}>` });
    const [line = ''] = body.split('\r\n', 1);
    const inner = parseSection(body.slice(line.length + 2));
    return {
      status: Number(line.split(' ')[1]),
      headers: inner?.headers ?? {},
      json: inner?.body ? JSON.parse(inner.body) : undefined,
    };
  });
}

test('the calls of a batch are made one by one, as their own callers', async () => {
  const emulated = await start();
  const [one, two, wrong, other, deleted] = await batch(
    emulated,
    insert('first'),
    insert('second'),
    `GET ${EVENTS}/nothing`,
    `GET /calendar/v3/users/me/calendarList HTTP/1.1\r\nAuthorization: Bearer ${BOB}\r\n\r\n`,
    `DELETE ${EVENTS}/second`,
  );
  expect(one).toMatchObject({ status: 200, json: { id: 'first', creator: { email: ADA } } });
  expect(two).toMatchObject({ status: 200, json: { id: 'second' } });
  expect(wrong).toMatchObject({ status: 404, json: { error: { errors: [{ reason: 'notFound' }] } } });
  expect(other).toMatchObject({ status: 200, json: { items: [{ id: BOB }] } });
  expect(deleted).toMatchObject({ status: 204, headers: { 'content-length': '0' }, json: undefined });
});

test('of two writes on the same version in one batch, the first wins', async () => {
  const emulated = await start();
  const [inserted] = await batch(emulated, insert('first'));
  const etag = inserted?.headers['etag'] ?? '';
  const patch = (summary: string): string =>
    `PATCH ${EVENTS}/first HTTP/1.1\r\nIf-Match: ${etag}\r\n${json({ summary })}`;
  const [a, b, read] = await batch(emulated, patch('a'), patch('b'), `GET ${EVENTS}/first`);
  expect(a).toMatchObject({ status: 200 });
  expect(b).toMatchObject({ status: 412, json: { error: { errors: [{ reason: 'conditionNotMet' }] } } });
  expect(read).toMatchObject({ json: { summary: 'a' } });
});

test('each call is journaled and charged to the quota, the batch is not', async () => {
  const emulated = await start({ quotas: { perUserPerMinute: 2, status: 403 } });
  const list = `GET ${EVENTS}`;
  const parts = await batch(emulated, list, list, list);
  expect(parts.map(({ status }) => status)).toEqual([200, 200, 403]);
  expect(emulated.emulator.journal.counts().requests).toEqual({ 'calendar.events.list': 3 });
});

test('faults apply to single calls; a dropped connection is a part with 503', async () => {
  const emulated = await start();
  const { faults } = emulated.emulator;
  faults.add({ on: 'request', times: 1, effect: { do: 'hangUp', when: 'after' } });
  faults.add({ on: 'request', skip: 1, times: 1, effect: { do: 'fail', status: 429 } });
  const parts = await batch(emulated, insert('first'), insert('second'), `GET ${EVENTS}/first`);
  expect(parts.map(({ status }) => status)).toEqual([503, 429, 200]);
});

test('a watch in a batch sends its notifications', async () => {
  const emulated = await start();
  const body = json({ id: 'channel', type: 'web_hook', address: emulated.receiver.url });
  const [watched] = await batch(emulated, `POST ${EVENTS}/watch\r\n${body}`);
  expect(watched).toMatchObject({ status: 200, json: { id: 'channel' } });
  await batch(emulated, insert('first'));
  await emulated.emulator.settle();
  expect(emulated.emulator.journal.counts().notifications).toEqual({ delivered: 2 });
});

test('the global batch endpoint is not served', async () => {
  const { emulator } = await start();
  const answer = await fetch(`${emulator.url}/batch`, { method: 'POST', body: '' });
  expect(answer.status).toBe(404);
});
