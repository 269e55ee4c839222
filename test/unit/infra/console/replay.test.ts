/** Replays of the console: one at a time, with progress, until they are cancelled. */
import { describe, expect, test } from 'vitest';
import { Failure } from '../../../../infra/cli/failure.ts';
import { createReplays } from '../../../../infra/console/source/replay.ts';
import {
  partOf,
  progressText,
  replayCommand,
  type ReplayStatus,
} from '../../../../infra/console/model/replay.ts';

const status: ReplayStatus = {
  watch: 'a',
  topic: 'new-consumer',
  force: false,
  id: '1',
  state: 'running',
  watches: 1,
  done: 0,
  items: 5,
  of: 20,
  problems: [],
};

test.each([
  [{ watch: 'a', topic: 't', force: false }, 'calendar-mirror replay a --topic t'],
  [{ watch: null, topic: 't', force: true }, 'calendar-mirror replay --all --topic t --force'],
  [{ watch: 'a', topic: '', force: false }, 'calendar-mirror replay a --topic <topic>'],
])('the command of %j is named', (request, command) => {
  expect(replayCommand(request)).toBe(command);
});

test.each([
  [status, 'Publishing: 5 of 20 items to new-consumer', 0.25],
  [{ ...status, of: 0, items: 0 }, 'Publishing: 0 of 0 items to new-consumer', 0],
  [{ ...status, of: 4 }, 'Publishing: 5 of 4 items to new-consumer', 1],
  [
    { ...status, watch: null, watches: 4, done: 1, of: null },
    'Publishing: 1 of 4 watches, 5 items to new-consumer',
    0.25,
  ],
  [{ ...status, state: 'done', items: 20 }, 'Published: 20 of 20 items to new-consumer', 1],
  [
    { ...status, state: 'failed', problems: ['a: is down'] },
    'Failed: 5 of 20 items to new-consumer, 1 failed',
    0.25,
  ],
  [{ ...status, state: 'cancelled' }, 'Cancelled: 5 of 20 items to new-consumer', 0.25],
] as const)('the progress of a replay is told (%#)', (replay, text, part) => {
  expect([progressText(replay), partOf(replay)]).toEqual([text, part]);
});

/** Waits until a replay has ended. */
async function ended(replays: ReturnType<typeof createReplays>): Promise<void> {
  await expect.poll(() => replays.status()?.state).not.toBe('running');
}

describe('a replay', () => {
  const request = { watch: null, topic: 'new-consumer', force: false };
  const work = { newId: () => 'id', check: () => Promise.resolve() };

  test('counts what is published of each watch, and ends', async () => {
    const replays = createReplays({
      ...work,
      publish: (_id, { replay, topic, onCounted, onPublished }) => {
        expect([replay, topic]).toEqual(['id', 'new-consumer']);
        onCounted(3);
        onPublished(1);
        onPublished(2);
        return Promise.resolve();
      },
    });
    expect(replays.status()).toBeUndefined();
    await replays.start(request, ['a', 'b']);
    await ended(replays);
    expect(replays.status()).toEqual({
      ...request,
      id: 'id',
      state: 'done',
      watches: 2,
      done: 2,
      items: 6,
      of: 6,
      problems: [],
    });
  });

  test('is cancelled: what is on its way ends, and no other watch begins', async () => {
    const begun: string[] = [];
    const replays = createReplays({
      ...work,
      publish: async (id, { signal }) => {
        begun.push(id);
        await new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(new Error('cancelled')));
        });
      },
    });
    const watches = Array.from({ length: 20 }, (_, index) => `watch-${index}`);
    await replays.start(request, watches);
    await expect.poll(() => begun.length).toBe(8);
    await expect(replays.start(request, watches)).rejects.toThrow('a replay is running');
    replays.cancel();
    await ended(replays);
    expect(replays.status()).toMatchObject({ state: 'cancelled', done: 0, problems: [] });
    expect(begun).toHaveLength(8);
    await replays.start(request, []);
    await ended(replays);
    expect(replays.status()).toMatchObject({ state: 'done', watches: 0 });
  });

  test('goes on after the failure of a watch, and tells of it', async () => {
    const replays = createReplays({
      ...work,
      publish: (id) =>
        id === 'bad' ? Promise.reject(new Failure('it has no spec', 'fix it')) : Promise.resolve(),
    });
    await replays.start(request, ['bad', 'good']);
    await ended(replays);
    expect(replays.status()).toMatchObject({
      state: 'failed',
      done: 1,
      problems: ['bad: it has no spec: fix it'],
    });
  });

  test('ends at once when the connection is lost', async () => {
    const begun: string[] = [];
    const replays = createReplays({
      ...work,
      publish: (id) => {
        begun.push(id);
        return Promise.reject(new Error('Pub/Sub is away'));
      },
    });
    await replays.start(
      request,
      Array.from({ length: 20 }, (_, index) => `watch-${index}`),
    );
    await ended(replays);
    expect(replays.status()).toMatchObject({
      state: 'failed',
      problems: [expect.stringContaining('is away')],
    });
    expect(begun.length).toBeLessThanOrEqual(8);
  });

  test('does not start where its topic is rejected', async () => {
    const replays = createReplays({
      newId: work.newId,
      check: () => Promise.reject(new Failure('no such topic', 'create it')),
      publish: () => Promise.resolve(),
    });
    await expect(replays.start(request, ['a'])).rejects.toThrow('no such topic');
    expect(replays.status()).toBeUndefined();
  });
});
