import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { createVector, elementsOf, type Frozen } from '../../../infra/emulator/state/vector.ts';

test('a frozen vector stays as it was, whatever is appended and replaced later', () => {
  const edit = fc.oneof(
    fc.record({ do: fc.constant('push' as const), count: fc.integer({ min: 1, max: 700 }) }),
    fc.record({ do: fc.constant('set' as const), at: fc.double({ min: 0, max: 0.999, noNaN: true }) }),
    fc.record({ do: fc.constant('freeze' as const) }),
  );
  fc.assert(
    fc.property(fc.array(edit, { maxLength: 30 }), (edits) => {
      const vector = createVector<number>();
      let plain: number[] = [];
      const kept: { frozen: Frozen<number>; copy: number[] }[] = [];
      let value = 0;
      for (const each of edits) {
        if (each.do === 'freeze') kept.push({ frozen: vector.freeze(), copy: [...plain] });
        if (each.do === 'push')
          for (let count = 0; count < each.count; count += 1) {
            vector.push((value += 1));
            plain.push(value);
          }
        if (each.do === 'set' && plain.length > 0) {
          const index = Math.floor(each.at * plain.length);
          vector.set(index, (value += 1));
          plain = plain.with(index, value);
        }
      }
      expect(elementsOf(vector)).toEqual(plain);
      for (const { frozen, copy } of kept) expect(elementsOf(frozen)).toEqual(copy);
      expect(vector.at(plain.length)).toBeUndefined();
    }),
  );
});
