import { describe, expect, test } from 'vitest';
import { readAhead } from '../../../../../infra/cli/replay/read-ahead.ts';

/** Pages that log how they are read. */
function pages(count: number, failsAt = Number.POSITIVE_INFINITY) {
  const log: string[] = [];
  async function* read(): AsyncGenerator<number, void> {
    try {
      for (let page = 1; page <= count; page += 1) {
        log.push(`read ${String(page)}`);
        if (page === failsAt) throw new Error(`page ${String(page)} cannot be read`);
        yield await Promise.resolve(page);
      }
    } finally {
      log.push('closed');
    }
  }
  return { log, read: read() };
}

describe('reading ahead', () => {
  test('reads at most one page while the consumer handles one', async () => {
    const { log, read } = pages(4);
    const received: number[] = [];
    for await (const page of readAhead(read)) {
      received.push(page);
      await new Promise(setImmediate);
      expect(log.filter((line) => line !== 'closed')).toHaveLength(Math.min(page + 1, 4));
    }
    expect(received).toEqual([1, 2, 3, 4]);
  });

  test('yields all pages before the one that fails', async () => {
    const { read } = pages(4, 3);
    const received: number[] = [];
    const consume = async (): Promise<void> => {
      for await (const page of readAhead(read)) received.push(page);
    };
    await expect(consume()).rejects.toThrow('page 3 cannot be read');
    expect(received).toEqual([1, 2]);
  });

  test('swallows the error of a page that is not asked for, and closes the source', async () => {
    const { log, read } = pages(4, 2);
    const consume = async (): Promise<void> => {
      for await (const page of readAhead(read)) throw new Error(`page ${String(page)} is not handled`);
    };
    await expect(consume()).rejects.toThrow('page 1 is not handled');
    await new Promise(setImmediate);
    expect(log).toEqual(['read 1', 'read 2', 'closed']);
  });
});
