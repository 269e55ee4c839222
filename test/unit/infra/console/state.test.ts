import { expect, test } from 'vitest';
import { createState } from '../../../../infra/console/source/state.ts';
import type { About, StreamMessage } from '../../../../infra/console/model/stream.ts';
import { sampleChange } from '../../../support/sample-change.ts';
import { sampleView } from '../../../support/console/sample-view.ts';

const ABOUT: About = { mode: 'local', project: 'demo', writable: true, masked: false, version: '1' };

function started() {
  const published: StreamMessage[] = [];
  let now = 1_000;
  const state = createState({
    about: ABOUT,
    publish: (message) => published.push(message),
    now: () => now,
  });
  return { state, published, at: (ms: number) => (now = ms) };
}

test('a change is published once, without its items, and can be read with them', () => {
  const { state, published } = started();
  const change = sampleChange({ summary: 'old' }, { summary: 'new' });
  state.change(change, [{ stage: 'feed', at: 5 }]);
  state.change(change, [{ stage: 'feed', at: 9 }]);
  expect(published).toHaveLength(1);
  const id = `${change.watchId}/7`;
  expect(published[0]).toMatchObject({ type: 'change', entry: { id, at: 1_000, sequence: 7 } });
  expect(JSON.stringify(published[0])).not.toContain('"after"');
  expect(state.findChange(id)).toBe(change);
});

test('hops that become known later are added in the order of the stages', () => {
  const { state, published } = started();
  const change = sampleChange({ summary: 'old' }, { summary: 'new' });
  const id = `${change.watchId}/${String(change.sequence)}`;
  state.change(change, [{ stage: 'feed', at: 50 }]);
  state.hops(id, [
    { stage: 'sync', at: 30 },
    { stage: 'edit', at: 10 },
  ]);
  state.hops('unknown/1', [{ stage: 'edit', at: 1 }]);
  const hops = [
    { stage: 'edit', at: 10 },
    { stage: 'sync', at: 30 },
    { stage: 'feed', at: 50 },
  ];
  expect(published.slice(1)).toEqual([{ type: 'hops', id, hops }]);
  expect(state.snapshot().entries[0]?.hops).toEqual(hops);
});

test('health is published with a watch that changes it, and not again', () => {
  const { state, published } = started();
  state.watches([sampleView({ nextCheckAt: 1_000 })], []);
  state.watches([sampleView({ nextCheckAt: 1_000, sequence: 2 })], []);
  expect(published.map(({ type }) => type)).toEqual(['watches', 'health', 'watches']);
});

test('health is judged again as time passes', () => {
  const { state, published, at } = started();
  state.watches([sampleView({ nextCheckAt: 1_000 })], []);
  state.tick();
  at(60 * 60_000);
  state.tick();
  expect(published.at(-1)).toMatchObject({ type: 'health', health: { ok: false } });
  expect(published).toHaveLength(3);
});

test('a source that is lost makes the health bad, until it can be read again', () => {
  const { state, published } = started();
  state.watches([sampleView({ nextCheckAt: 1_000 })], []);
  state.source('watches', 'PERMISSION_DENIED');
  expect(state.snapshot().health).toMatchObject({
    ok: false,
    sentence:
      'watches can no longer be read (PERMISSION_DENIED): what is shown may be old; 1 watch active, nothing late',
  });
  state.source('watches');
  state.source('watches');
  expect(published.slice(-2)).toMatchObject([
    { type: 'health', health: { ok: false } },
    { type: 'health', health: { ok: true } },
  ]);
});

test('the changes of a watch are counted for a day, by the hour', () => {
  const { state, published, at } = started();
  state.tick();
  const change = sampleChange({ summary: 'old' }, { summary: 'new' });
  state.change(change, []);
  state.change({ ...change, sequence: 8 }, []);
  at(60 * 60_000);
  state.change({ ...change, sequence: 9 }, []);
  state.change({ ...change, watchId: 'other', sequence: 9 }, []);
  expect(state.snapshot().counts).toEqual({ team: 3, other: 1 });
  at(24 * 60 * 60_000 - 1);
  state.tick();
  expect(published.at(-1)).toMatchObject({ type: 'change' });
  at(24 * 60 * 60_000);
  state.tick();
  expect(published.at(-1)).toEqual({ type: 'counts', counts: { team: 1, other: 1 } });
});

test('a watch that is gone is no longer in the snapshot', () => {
  const { state } = started();
  state.watches([sampleView({ id: 'a' }), sampleView({ id: 'b' })], []);
  state.watches([], ['a']);
  expect(state.snapshot().watches.map(({ id }) => id)).toEqual(['b']);
});

test('the history of an item has its own changes with their items, the latest first', () => {
  const { state } = started();
  const first = sampleChange(null, { summary: 'old' });
  state.change(first, []);
  state.change({ ...first, itemId: 'lunch', sequence: 8 }, []);
  state.change({ ...first, watchId: 'other', sequence: 9 }, []);
  state.change({ ...first, before: { summary: 'old' }, after: { summary: 'new' }, sequence: 10 }, []);
  expect(state.historyOf('team', 'review')).toMatchObject([
    { entry: { sequence: 10 }, before: { summary: 'old' }, after: { summary: 'new' } },
    { entry: { sequence: 7 }, before: null, after: { summary: 'old' } },
  ]);
  expect(state.historyOf('team', 'unknown')).toEqual([]);
});
