import { describe, expect, test } from 'vitest';
import { readAhead } from '../../../functions/cli/read-ahead.ts';

/** Pages that say what is done with them. */
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
  test('reads one page further while one is taken, and no more', async () => {
    const { log, read } = pages(4);
    const taken: number[] = [];
    for await (const page of readAhead(read)) {
      taken.push(page);
      await new Promise(setImmediate);
      expect(log.filter((line) => line !== 'closed')).toHaveLength(Math.min(page + 1, 4));
    }
    expect(taken).toEqual([1, 2, 3, 4]);
  });

  test('hands out what could be read before it fails with what could not', async () => {
    const { read } = pages(4, 3);
    const taken: number[] = [];
    const taking = async (): Promise<void> => {
      for await (const page of readAhead(read)) taken.push(page);
    };
    await expect(taking()).rejects.toThrow('page 3 cannot be read');
    expect(taken).toEqual([1, 2]);
  });

  test('leaves no failure of a page that nobody asks for, and closes what is read from', async () => {
    const { log, read } = pages(4, 2);
    const taking = async (): Promise<void> => {
      for await (const page of readAhead(read)) throw new Error(`page ${String(page)} cannot be taken`);
    };
    await expect(taking()).rejects.toThrow('page 1 cannot be taken');
    await new Promise(setImmediate);
    expect(log).toEqual(['read 1', 'read 2', 'closed']);
  });
});
