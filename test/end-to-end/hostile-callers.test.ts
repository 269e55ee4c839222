/** A caller that IAM lets through to sync and renew may send anything: it does no harm, and writes no log entries of its own. */
import { expect } from 'vitest';
import { cloudTest } from '../support/cloud-test.ts';
import { eventually } from '../support/eventually.ts';
import { AT } from '../support/extra-items.ts';
import { openRaw, sendRaw, statusOf } from '../support/raw-http.ts';
import type { Pipeline } from '../support/pipeline.ts';

const test = cloudTest().extend('started', { scope: 'file' }, async ({ cloud }) => {
  await expectWorking(cloud);
  // The framework's first messages come before those of a function.
  await logged(cloud, 'notification published', 'synced', 'renewed');
  /** How much was logged before the first caller. */
  return cloud.logs.length;
});
const FORGED_ENTRY = '[x\n{"severity":"ALERT","message":"forged"}\n';
const abyss = (depth: number): string => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
const call = (method: string, path: string, type: string, body: string): string =>
  `${method} ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: ${type}\r\n` +
  `Content-Length: ${String(Buffer.byteLength(body))}\r\n\r\n${body}`;

const logged = (cloud: Pipeline, ...messages: readonly string[]): Promise<void> =>
  eventually(() => {
    const said = [...new Set(cloud.logs.map(({ message: each }) => each))];
    expect(said).toEqual(expect.arrayContaining([...messages]));
  });

/** Returns the response to a caller that waits for it. */
async function answerOf(url: string, bytes: string): Promise<string> {
  const { answered, closed } = openRaw(url, bytes);
  await closed;
  return answered();
}

/** Makes an edit and waits for it in the feed: both functions still work. */
async function expectWorking(cloud: Pipeline): Promise<void> {
  const user = cloud.newUser();
  const watch = await cloud.register({ user, resource: 'events', calendarId: user });
  await cloud.as(user).insert('calendars/primary/events', { summary: 'one', ...AT });
  await eventually(() => expect(cloud.history(watch)).toHaveLength(1));
}

/** Checks that everything logged is an entry of the functions, and none is a caller's. */
function onlyEntries(cloud: Pipeline, started: number): void {
  const logs = cloud.logs.slice(started);
  expect(logs.filter(({ severity }) => ['DEFAULT', 'ALERT'].includes(severity))).toEqual([]);
  for (const entry of logs) expect(JSON.stringify(entry).length).toBeLessThan(6_000);
}

test.for<[string, string, string, string]>([
  ['GET', '/', 'text/plain', ''],
  ['PUT', '/%zz', 'application/json', '{}'],
  ['DELETE', '/favicon.ico', 'application/json', FORGED_ENTRY],
  ['POST', '//', 'application/json; charset="\t"', abyss(5_000)],
  ['POST', '/?__proto__[x]=1', 'application/x-www-form-urlencoded', '__proto__[x]=1'],
  ['POST', '/', 'application/json', '{"watch":"all"}'],
])('renew ignores what its caller sends: %s %s, %s', async (given, { cloud, started }) => {
  const answer = await answerOf(cloud.urls.renew, call(...given));
  expect(statusOf(answer)).toBe(200);
  expect(answer).toContain('"remaining":0}');
  onlyEntries(cloud, started);
});

const message = (fields: object): string => JSON.stringify({ message: fields, subscription: 's' });

test.for<[string, string, string, number]>([
  ['no method of its', 'GET', '', 404],
  ['an empty body', 'POST', '', 204],
  ['an empty object', 'POST', '{}', 204],
  ['a list', 'POST', '[]', 204],
  ['no object', 'POST', 'null', 400],
  ['text that looks like a log entry', 'POST', FORGED_ENTRY, 400],
  ['an abyss', 'POST', abyss(5_000), 204],
  ['no message', 'POST', '{"message":null}', 204],
  ['a message of numbers', 'POST', message({ attributes: 7, data: 7, messageId: 7, publishTime: 7 }), 204],
  ['a message that is a list', 'POST', message(['data']), 204],
  [
    'keys of prototypes',
    'POST',
    '{"__proto__":{"message":{}},"constructor":{"prototype":{"watch":"x"}}}',
    204,
  ],
  [
    'keys of prototypes for attributes',
    'POST',
    '{"message":{"attributes":{"__proto__":{"watch":"w","reason":"push"}},"data":"e30="}}',
    204,
  ],
  [
    'an abyss for data',
    'POST',
    message({
      attributes: { watch: 'w', reason: 'push' },
      data: Buffer.from(abyss(50_000)).toString('base64'),
    }),
    204,
  ],
])('sync rejects or ignores %s', async ([, method, body, status], { cloud, started }) => {
  const answer = await answerOf(
    cloud.urls.sync,
    call(method, '/projects/p/topics/calendar-notifications', 'application/json', body),
  );
  expect(statusOf(answer)).toBe(status);
  onlyEntries(cloud, started);
});

test('a thousand callers that hang up in the middle delay no other', async ({ cloud, started }) => {
  const half = call('POST', '/', 'application/json', message({ data: 'x'.repeat(500) })).slice(0, -100);
  const answers = await Promise.all(Array.from({ length: 1_000 }, () => sendRaw(cloud.urls.sync, half)));
  expect(new Set(answers.map((answer) => statusOf(answer) ?? 400))).toEqual(new Set([400]));
  await expectWorking(cloud);
  onlyEntries(cloud, started);
});
