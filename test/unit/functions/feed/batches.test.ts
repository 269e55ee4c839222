/** Messages of a key that arrive while a request of the key is in flight are sent together in the next one. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import * as fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { withBatching, type Send } from '../../../../functions/feed/batches.ts';
import type { OutgoingMessage } from '../../../../functions/feed/envelope.ts';

const message = (name: string, orderingKey = 'key'): OutgoingMessage => ({
  attributes: { name },
  data: Buffer.from(name),
  orderingKey,
});
const nameOf = ({ attributes }: OutgoingMessage): string => attributes['name'] ?? '';
const names = (count: number, from = 0): string[] =>
  Array.from({ length: count }, (_, index) => String(from + index));

const LIMITS = { messages: 3, bytes: 1_000, giveUpAfterMs: 5_000 };

/** A server whose requests wait until the test answers them. */
function gate() {
  const requests: { names: string[]; deadline: number; answer(outcome?: Error | string[]): void }[] = [];
  const send: Send = (messages, deadline) =>
    new Promise((resolve, reject) => {
      const sent = messages.map(nameOf);
      requests.push({
        names: sent,
        deadline,
        answer: (outcome = sent.map((name) => `id of ${name}`)) =>
          outcome instanceof Error ? reject(outcome) : resolve(outcome),
      });
    });
  /** Resolves with the next request. */
  const next = async () => {
    const seen = requests.length;
    return vi.waitFor(() => {
      expect(requests.length).toBeGreaterThan(seen);
      return requests.at(-1);
    });
  };
  return { requests, send, next };
}

test('a single message is sent at once, with its full timeout', async () => {
  const { send, next } = gate();
  const before = Date.now();
  const sent = withBatching(send, LIMITS)(message('a'));
  const request = await next();
  expect(request?.names).toEqual(['a']);
  expect(request?.deadline).toBeGreaterThanOrEqual(before + LIMITS.giveUpAfterMs);
  request?.answer();
  expect(await sent).toBe('id of a');
});

test('messages that arrive during a request go into the next, up to its maximum', async () => {
  const { requests, send, next } = gate();
  const publish = withBatching(send, LIMITS);
  const all = [publish(message('0'))];
  await next();
  all.push(...names(5, 1).map((name) => publish(message(name))));
  for (let turn = 0; turn < 10; turn += 1) await nextTurn();
  expect(requests.map((request) => request.names)).toEqual([['0']]);
  requests[0]?.answer();
  (await next())?.answer();
  (await next())?.answer();
  expect(requests.map((request) => request.names)).toEqual([['0'], ['1', '2', '3'], ['4', '5']]);
  expect(await Promise.all(all)).toEqual(names(6).map((name) => `id of ${name}`));
});

test('a failed request fails the messages queued behind it under its key, and no others', async () => {
  const { requests, send, next } = gate();
  const publish = withBatching(send, LIMITS);
  const failing = publish(message('0'));
  const other = publish(message('other', 'other'));
  await next();
  const behind = names(5, 1).map((name) => publish(message(name)));
  const outcomes = Promise.all([failing, ...behind].map((sent) => sent.catch((error: unknown) => error)));
  requests[0]?.answer(new Error('away'));
  requests[1]?.answer();
  expect(await outcomes).toEqual(names(6).map(() => new Error('away')));
  expect(await other).toBe('id of other');
  const later = publish(message('6'));
  (await next())?.answer();
  expect(await later).toBe('id of 6');
  expect(requests.map((request) => request.names)).toEqual([['0'], ['other'], ['6']]);
});

test('an answer with fewer ids than messages is a failure', async () => {
  const { send, next } = gate();
  const publish = withBatching(send, LIMITS);
  const sent = Promise.allSettled([publish(message('0')), publish(message('1'))]);
  (await next())?.answer(['only one']);
  expect((await sent).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
});

test('messages of two keys neither share a request nor wait for each other', async () => {
  const { requests, send } = gate();
  const publish = withBatching(send, LIMITS);
  const sent = ['a', 'b', 'c'].map((name) => publish(message(name, name === 'b' ? 'other' : 'key')));
  await expect.poll(() => requests.map((request) => request.names)).toEqual([['a', 'c'], ['b']]);
  for (const request of requests) request.answer();
  expect(await Promise.all(sent)).toEqual(['id of a', 'id of b', 'id of c']);
});

test('a request stays below the maximum of bytes, except for a single larger message', async () => {
  const { requests, send, next } = gate();
  const publish = withBatching(send, { ...LIMITS, bytes: 10 });
  const sent = ['12345', '67890', '1', 'a larger message', '2'].map((name) => publish(message(name)));
  for (let answered = 0; answered < 4; answered += 1) (await next())?.answer();
  expect(requests.map((request) => request.names)).toEqual([
    ['12345', '67890'],
    ['1'],
    ['a larger message'],
    ['2'],
  ]);
  expect(await Promise.all(sent)).toHaveLength(5);
});

const KEYS = ['a', 'b', 'c'];

test('messages of a key are sent once, in order, and each caller gets the id of its message', async () => {
  const turns = fc.array(fc.array(fc.constantFrom(...KEYS), { maxLength: 4 }), {
    minLength: 1,
    maxLength: 20,
  });
  await fc.assert(
    fc.asyncProperty(
      turns,
      fc.integer({ min: 1, max: 4 }),
      fc.nat({ max: 3 }),
      async (arrivals, most, slow) => {
        const sentByKey = new Map<string, string[]>();
        const inFlight = new Set<string>();
        const send: Send = async (messages) => {
          const [key = '', ...others] = new Set(messages.map(({ orderingKey }) => orderingKey));
          expect(others).toEqual([]);
          expect(inFlight).not.toContain(key);
          expect(messages.length).toBeLessThanOrEqual(most);
          inFlight.add(key);
          sentByKey.set(key, [...(sentByKey.get(key) ?? []), ...messages.map(nameOf)]);
          for (let turn = 0; turn < slow; turn += 1) await nextTurn();
          inFlight.delete(key);
          return messages.map((each) => `id of ${nameOf(each)}`);
        };
        const publish = withBatching(send, { ...LIMITS, messages: most });
        const came: OutgoingMessage[] = [];
        const sent: Promise<string>[] = [];
        for (const keys of arrivals) {
          for (const key of keys) {
            const one = message(String(came.length), key);
            came.push(one);
            sent.push(publish(one));
          }
          await nextTurn();
        }
        expect(await Promise.all(sent)).toEqual(came.map((each) => `id of ${nameOf(each)}`));
        for (const key of KEYS) {
          const ofKey = came.filter(({ orderingKey }) => orderingKey === key).map(nameOf);
          expect(sentByKey.get(key) ?? []).toEqual(ofKey);
        }
      },
    ),
    { numRuns: 100 },
  );
});
