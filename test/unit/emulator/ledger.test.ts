import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { createLedger, valueAt } from '../../../infra/emulator/state/ledger.ts';

const open = (now = () => 0) => createLedger<string>({ now, keepMs: 1000, onChange: () => {} });

test('applying the changes since a revision yields the state of the ledger', () => {
  const edits = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), fc.string()), { maxLength: 40 });
  fc.assert(
    fc.property(edits, edits, (before, after) => {
      const ledger = open();
      for (const [id, value] of before) ledger.put(id, value);
      const since = ledger.revision();
      const copy = new Map(ledger.entries().map(({ id, value }) => [id, value]));
      const then = new Map(copy);
      for (const [id, value] of after) ledger.put(id, value);
      for (const { id, value } of ledger.changedSince(since)) copy.set(id, value);
      expect(copy).toEqual(new Map(ledger.entries().map(({ id, value }) => [id, value])));
      for (const entry of ledger.entries()) expect(valueAt(entry, since)).toBe(then.get(entry.id));
    }),
  );
});

test('items keep their position when they change', () => {
  const ledger = open();
  for (const id of ['a', 'b', 'a']) ledger.put(id, 'x');
  expect(ledger.entries().map(({ id }) => id)).toEqual(['a', 'b']);
});

test('versions older than every token are dropped', () => {
  let now = 0;
  const ledger = open(() => now);
  ledger.put('a', 'first');
  ledger.put('a', 'second');
  now = 1001;
  expect(ledger.put('a', 'third').past.map(({ value }) => value)).toEqual(['second']);
});

test('changes, entries and frozen copies are those of a plain list, however often entries change', () => {
  const edit = fc.tuple(fc.constantFrom('a', 'b', 'c', 'd', 'e'), fc.boolean());
  fc.assert(
    fc.property(fc.array(edit, { maxLength: 300 }), (edits) => {
      let now = 0;
      const ledger = open(() => now);
      const plain = new Map<string, { value: string; revision: number }>();
      const kept: { frozen: ReturnType<typeof ledger.freeze>; copy: Map<string, string> }[] = [];
      for (const [id, freezes] of edits) {
        now += 1;
        if (freezes) {
          const copy = new Map([...plain].map(([key, { value }]) => [key, value]));
          kept.push({ frozen: ledger.freeze(), copy });
        }
        ledger.put(id, `value ${String(now)}`);
        plain.set(id, { value: `value ${String(now)}`, revision: now });
      }
      const changed = (since: number) =>
        [...plain].filter(([, { revision }]) => revision > since).map(([id, { value }]) => [id, value]);
      for (let since = 0; since <= now; since += 1)
        expect(ledger.changedSince(since).map(({ id, value }) => [id, value])).toEqual(changed(since));
      expect(ledger.entries().map(({ id, value }) => [id, value])).toEqual(changed(0));
      expect(ledger.changedAt()).toBe(now);
      for (const { frozen, copy } of kept) {
        const items = Array.from({ length: frozen.length }, (_, index) => frozen.at(index));
        expect(items.map((entry) => [entry?.id, entry?.value])).toEqual([...copy]);
        for (const id of ['a', 'b', 'c', 'd', 'e']) expect(frozen.get(id)?.value).toBe(copy.get(id));
      }
    }),
  );
});

test('a ledger that was saved as JSON continues with the same entries, changes and history', () => {
  const edits = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.string()), { maxLength: 20 });
  fc.assert(
    fc.property(edits, edits, (before, after) => {
      const ledger = open();
      for (const [id, value] of before) ledger.put(id, value);
      const json = JSON.stringify(ledger.save());
      const copy = createLedger<string>({ now: () => 0, keepMs: 1000, onChange: () => {} }, JSON.parse(json));
      for (const [id, value] of after) {
        ledger.put(id, value);
        copy.put(id, value);
      }
      expect(copy.entries()).toEqual(ledger.entries());
      for (let since = 0; since <= ledger.revision(); since += 1)
        expect(copy.changedSince(since)).toEqual(ledger.changedSince(since));
      expect([copy.revision(), copy.changedAt()]).toEqual([ledger.revision(), ledger.changedAt()]);
    }),
  );
});

test('each version of an entry knows the values before it, and shares its past with the others', () => {
  const ledger = open();
  const versions = Array.from({ length: 50 }, (_, index) => ledger.put('a', `value ${String(index + 1)}`));
  for (const version of versions)
    for (let revision = 1; revision <= version.revision; revision += 1)
      expect(valueAt(version, revision)).toBe(`value ${String(revision)}`);
  expect(versions[1]?.past).toBe(versions.at(-1)?.past);
  expect(ledger.save().entries[0]?.past).not.toBe(versions.at(-1)?.past);
});
