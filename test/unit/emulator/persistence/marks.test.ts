import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { createMarks, type SavedMarks } from '../../../../infra/emulator/persistence/marks.ts';

test('a token is lost exactly if it may have seen a change that no later run has', () => {
  const step = fc.constantFrom('change', 'save', 'issue', 'kill');
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      let marks = createMarks(undefined);
      let saved: SavedMarks | undefined;
      /** The state is the number of changes; `durable` is what the file has. */
      let state = 0;
      let durable = 0;
      let issued: { mark: string; state: number; isLost: boolean }[] = [];
      for (const each of steps) {
        if (each === 'change') {
          state += 1;
          marks.changed();
        }
        if (each === 'save') {
          saved = structuredClone(marks.saving());
          durable = state;
        }
        if (each === 'issue' && saved !== undefined)
          issued.push({ mark: marks.mark(), state, isLost: false });
        if (each === 'kill' && saved !== undefined) {
          issued = issued.map((token) => ({ ...token, isLost: token.isLost || token.state > durable }));
          state = durable;
          marks = createMarks(saved);
          // As the emulator does, before it answers.
          saved = structuredClone(marks.saving());
        }
      }
      for (const { mark, isLost } of issued) expect(marks.isLost(mark)).toBe(isLost);
    }),
    { numRuns: 1000 },
  );
});

test('tokens of another file, or without a mark, are lost', () => {
  const marks = createMarks(undefined);
  marks.saving();
  expect(marks.isLost('')).toBe(true);
  expect(marks.isLost('elsewhere.1')).toBe(true);
  expect(marks.isLost(marks.mark())).toBe(false);
});

test('as many runs are remembered as were started in a long time', () => {
  let marks = createMarks(undefined);
  let saved = marks.saving();
  const first = marks.mark();
  for (let run = 0; run < 1000; run += 1) {
    marks = createMarks(saved);
    saved = marks.saving();
  }
  expect(marks.isLost(first)).toBe(false);
  const later = createMarks(saved);
  expect(later.isLost(first)).toBe(true);
  expect(later.saving().past).toHaveLength(1000);
});
