import { Timestamp } from '@google-cloud/firestore';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { announce } from '../../../../functions/watches/announce.ts';
import { baseOf, positionOf } from '../../../../functions/watches/epochs.ts';
import { STATES } from '../../../../functions/watches/states.ts';
import { mayHaveMessage, outboxEnd } from '../../../../functions/watches/watch.ts';
import { NOW, sampleWatch, SPEC, synced } from '../../../support/sample-watch.ts';

const version = { updateTime: new Timestamp(1_796_003_262, 123_456_000), nextDueAt: undefined };
const NUMBER = 1_796_003_262_123_456;
const OPTIONS = { version, sequence: 12, at: NOW };

describe('what is announced about a watch', () => {
  test('is a new state with its reason, under the number of the version that it replaces', () => {
    const to = { state: 'paused', reason: 'authError', detail: 'ask Ana' } as const;
    expect(announce(sampleWatch(), { ...OPTIONS, to })).toEqual({
      messages: [
        {
          number: NUMBER,
          message: {
            watchId: 'watch-1',
            ...SPEC,
            state: 'paused',
            reason: 'authError',
            sequence: 12,
            occurredAt: new Date(NOW).toISOString(),
          },
        },
      ],
      latestMessage: `0000000000000012~${String(NUMBER)}`,
    });
  });

  test.each(STATES)('is not that the state %s stays', (state) => {
    const watch = sampleWatch({ state, reason: 'before' });
    const { messages, latestMessage } = announce(watch, { ...OPTIONS, to: { state, reason: 'quota' } });
    expect({ messages, latestMessage }).toEqual({ messages: [], latestMessage: undefined });
  });

  test('is the end of a full sync with the number of items, after a new state of the same write', () => {
    const gone = sampleWatch({ state: 'gone', reason: 'notFound' });
    const { messages, latestMessage } = announce(gone, { ...OPTIONS, to: { state: 'pending' }, items: 0 });
    expect(messages).toMatchObject([
      { number: NUMBER, message: { state: 'pending' } },
      { number: NUMBER + 1, message: { state: 'pending', items: 0 } },
    ]);
    expect(messages.map(({ message }) => message.reason)).toEqual([undefined, undefined]);
    expect(messages[0]?.message).not.toHaveProperty('items');
    expect(latestMessage).toBe(positionOf(12, NUMBER + 1));
  });

  test.each([
    [{ ...SPEC, eventTypes: ['party'] }, SPEC],
    [
      { user: 7, resource: 'tasks' },
      { user: null, resource: null, calendarId: null },
    ],
    ['none', { user: null, resource: null, calendarId: null }],
  ])('names what the invalid spec %j names', (spec, named) => {
    const { messages } = announce(sampleWatch({ spec }), { ...OPTIONS, to: { state: 'paused' } });
    expect(messages[0]?.message).toMatchObject(named);
  });

  test('is nothing of a document whose id no message can name', () => {
    const watch = sampleWatch({ id: 'a/b' });
    expect(announce(watch, { ...OPTIONS, to: { state: 'paused' }, items: 1 }).messages).toEqual([]);
  });
});

const sequences = fc.integer({ min: 0, max: baseOf(9) });

describe('positions in the outbox', () => {
  test('sort like the numbers of changes, with a message behind the change that it follows', () => {
    fc.assert(
      fc.property(
        sequences,
        sequences,
        fc.integer({ min: NUMBER, max: 9 * 10 ** 15 }),
        (one, other, number) => {
          expect(positionOf(one) < positionOf(other)).toBe(one < other);
          expect(positionOf(one) < positionOf(one, number)).toBe(true);
          expect(positionOf(one, number) < positionOf(other)).toBe(one < other);
        },
      ),
    );
  });

  test.each([
    [undefined, undefined, positionOf(10), false],
    [positionOf(10, 7), undefined, positionOf(10, 7), true],
    [positionOf(10, 7), positionOf(10), positionOf(10, 7), true],
    [positionOf(10, 7), positionOf(10, 7), positionOf(10, 7), false],
    [positionOf(9, 7), positionOf(10), positionOf(10), false],
  ])(
    'with the latest message %s, published through %s, the end is %s',
    (latestMessage, through, end, may) => {
      const watch = sampleWatch({ latestMessage, sync: synced({ publishedTo: through }) });
      expect(outboxEnd(watch)).toBe(end);
      expect(mayHaveMessage(watch)).toBe(may);
    },
  );
});
