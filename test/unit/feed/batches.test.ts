/** Messages of a key that come while a request of it is under way go together with the next one. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { inBatches, type Send } from '../../../functions/feed/batches.ts';
import type { OutgoingMessage } from '../../../functions/feed/envelope.ts';

const message = (name: string, orderingKey = 'key'): OutgoingMessage => ({
  attributes: { name },
  data: Buffer.from(name),
  orderingKey,
});
const nameOf = ({ attributes }: OutgoingMessage): string => attributes['name'] ?? '';
const names = (count: number, from = 0): string[] =>
  Array.from({ length: count }, (_, index) => String(from + index));

const LIMITS = { messages: 3, bytes: 1_000, giveUpAfterMs: 5_000 };

/** A server whose requests wait until they are let through, each with what came of it. */
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
  /** The next request, once there is one. */
  const next = async () => {
    const seen = requests.length;
    for (let turn = 0; requests.length === seen && turn < 10; turn += 1) {
      await nextTurn();
    }
    return requests.at(-1);
  };
  return { requests, send, next };
}

test('a message alone is sent at once, with all its patience', async () => {
  const { send, next } = gate();
  const before = Date.now();
  const sent = inBatches(send, LIMITS)(message('a'));
  const request = await next();
  expect(request?.names).toEqual(['a']);
  expect(request?.deadline).toBeGreaterThanOrEqual(before + LIMITS.giveUpAfterMs);
  request?.answer();
  expect(await sent).toBe('id of a');
});

test('what comes while a request is under way goes with the next, as many as it may have', async () => {
  const { requests, send, next } = gate();
  const publish = inBatches(send, LIMITS);
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

test('a request that fails fails for what waits behind it under its key, for no other key, and for nothing later', async () => {
  const { requests, send, next } = gate();
  const publish = inBatches(send, LIMITS);
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

test('an answer that names fewer messages than were sent is a failure', async () => {
  const { send, next } = gate();
  const publish = inBatches(send, LIMITS);
  const sent = Promise.allSettled([publish(message('0')), publish(message('1'))]);
  (await next())?.answer(['only one']);
  expect((await sent).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
});

test('messages of two keys never share a request, and do not wait for each other', async () => {
  const { requests, send } = gate();
  const publish = inBatches(send, LIMITS);
  const sent = ['a', 'b', 'c'].map((name) => publish(message(name, name === 'b' ? 'other' : 'key')));
  for (let turn = 0; turn < 10; turn += 1) await nextTurn();
  expect(requests.map((request) => request.names)).toEqual([['a', 'c'], ['b']]);
  for (const request of requests) request.answer();
  expect(await Promise.all(sent)).toEqual(['id of a', 'id of b', 'id of c']);
});

test('a request has no more bytes than it may have, but for a message that alone has more', async () => {
  const { requests, send, next } = gate();
  const publish = inBatches(send, { ...LIMITS, bytes: 10 });
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

test('messages of a key leave in the order in which they came, each once, and each caller hears of its own', async () => {
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
        const left = new Map<string, string[]>();
        const underWay = new Set<string>();
        const send: Send = async (messages) => {
          const [key = '', ...others] = new Set(messages.map(({ orderingKey }) => orderingKey));
          expect(others).toEqual([]);
          expect(underWay).not.toContain(key);
          expect(messages.length).toBeLessThanOrEqual(most);
          underWay.add(key);
          left.set(key, [...(left.get(key) ?? []), ...messages.map(nameOf)]);
          for (let turn = 0; turn < slow; turn += 1) await nextTurn();
          underWay.delete(key);
          return messages.map((each) => `id of ${nameOf(each)}`);
        };
        const publish = inBatches(send, { ...LIMITS, messages: most });
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
          expect(left.get(key) ?? []).toEqual(ofKey);
        }
      },
    ),
    { numRuns: 100 },
  );
});
