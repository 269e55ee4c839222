import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRecent } from '../../../functions/calendar/auth/recent.ts';

const MOST = 3;
/** What is kept, by a rule that is slow and plain: the list of keys by their last use. */
const KEYS = ['a', 'b', 'c', 'd', 'e'] as const;
const step = fc.record({ do: fc.constantFrom('get', 'set', 'set', 'delete'), key: fc.constantFrom(...KEYS) });
/** Many steps: what is forgotten shows only after more keys than are kept. */
const steps = fc.array(step, { maxLength: 40, size: 'max' });

test('what was used last is kept, up to the most that is allowed', () => {
  fc.assert(
    fc.property(steps, (taken) => {
      const recent = createRecent<string>(MOST);
      let used: string[] = [];
      const seen: unknown[] = [];
      const expected: unknown[] = [];
      for (const { do: what, key } of taken) {
        const known = used.includes(key);
        const others = used.filter((each) => each !== key);
        if (what === 'get') {
          seen.push(recent.get(key));
          expected.push(known ? `value of ${key}` : undefined);
          if (known) used = [...others, key];
        } else if (what === 'set') {
          recent.set(key, `value of ${key}`);
          used = [...others, key].slice(-MOST);
        } else {
          recent.delete(key);
          used = others;
        }
      }
      expect(seen).toEqual(expected);
      expect(KEYS.filter((key) => recent.get(key) !== undefined)).toEqual(used.toSorted());
    }),
  );
});
