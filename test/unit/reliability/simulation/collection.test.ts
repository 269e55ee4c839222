import { expect, test } from 'vitest';

import { createCollection } from '../../../reliability/simulation/collection.ts';
import { START } from '../../../reliability/simulation/scenario.ts';
import { createSubject } from '../../../reliability/simulation/subject.ts';

test('no page token of a simulated list repeats, even where pages are empty', () => {
  const collection = createCollection(createSubject(1, 0));
  for (let number = 0; number < 12; number += 1) collection.put({ id: `item${String(number)}` }, START);
  let emptyPages = 0;
  for (let list = 0; list < 400; list += 1) {
    const tokens: string[] = [];
    for (let page = collection.list('{}', {}); page.nextPageToken !== undefined;) {
      if (page.items.length === 0) emptyPages += 1;
      tokens.push(page.nextPageToken);
      page = collection.list('{}', { pageToken: page.nextPageToken });
    }
    expect(new Set(tokens).size).toBe(tokens.length);
  }
  expect(emptyPages).toBeGreaterThan(0);
});
