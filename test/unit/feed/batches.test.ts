/** Messages that come while a request is under way go together with the next one. */
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

const LIMITS = { messages: 3, giveUpAfterMs: 5_000 };

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

test('a request that fails fails for its own messages alone', async () => {
  const { send, next } = gate();
  const publish = inBatches(send, LIMITS);
  const [first, second] = [publish(message('0')), publish(message('1'))].map((sent) =>
    sent.catch((error: unknown) => error),
  );
  (await next())?.answer(new Error('away'));
  expect([await first, await second]).toEqual([new Error('away'), new Error('away')]);
  const third = publish(message('2'));
  (await next())?.answer();
  expect(await third).toBe('id of 2');
});

test('an answer that names fewer messages than were sent is a failure', async () => {
  const { send, next } = gate();
  const publish = inBatches(send, LIMITS);
  const sent = Promise.allSettled([publish(message('0')), publish(message('1'))]);
  (await next())?.answer(['only one']);
  expect((await sent).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
});

test('messages leave in the order in which they came, each once, and each caller hears of its own', async () => {
  const turns = fc.array(fc.nat({ max: 4 }), { minLength: 1, maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(
      turns,
      fc.integer({ min: 1, max: 4 }),
      fc.nat({ max: 3 }),
      async (counts, most, slow) => {
        const left: string[] = [];
        let underWay = 0;
        const send: Send = async (messages) => {
          underWay += 1;
          expect(underWay).toBe(1);
          expect(messages.length).toBeLessThanOrEqual(most);
          left.push(...messages.map(nameOf));
          for (let turn = 0; turn < slow; turn += 1) await nextTurn();
          underWay -= 1;
          return messages.map((each) => `id of ${nameOf(each)}`);
        };
        const publish = inBatches(send, { ...LIMITS, messages: most });
        const sent: Promise<string>[] = [];
        for (const count of counts) {
          for (const name of names(count, sent.length)) sent.push(publish(message(name)));
          await nextTurn();
        }
        expect(await Promise.all(sent)).toEqual(names(sent.length).map((name) => `id of ${name}`));
        expect(left).toEqual(names(sent.length));
      },
    ),
    { numRuns: 100 },
  );
});
