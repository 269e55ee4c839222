import { expect, test } from 'vitest';
import { changeMessage, type Change } from '../../../functions/feed/change.ts';
import { kindProblem } from '../../support/kind-problem.ts';
import { sampleChange } from '../../support/sample-change.ts';

const renamed = { ...sampleChange({ id: 'a', summary: 'A' }, { id: 'a', summary: 'B' }), kinds: ['renamed'] };
const problemOf = (change: Change, flagged = change) =>
  kindProblem(change, changeMessage(flagged, 'users/x').attributes);

test.each<[string, Change, (Change | undefined)?]>([
  ['kinds that its items do not show', { ...renamed, kinds: ['moved'] }],
  ['no kinds', { ...renamed, kinds: [] }],
  ['no kinds, and omissions', { ...renamed, kinds: [], before: null, omitted: ['before'] }],
  ['a kind of another resource', { ...renamed, change: 'created', kinds: ['granted'] }],
  ['a kind without its attribute', renamed, { ...renamed, kinds: [] }],
  ['an attribute without its kind', renamed, { ...renamed, kinds: ['moved', 'renamed'] }],
  ['a kind, though a snapshot', { ...renamed, change: 'snapshot' }],
])('a message with %s is found', (_, change, flagged) => {
  expect(problemOf(change, flagged)).toBeDefined();
});

test.each<[string, Change]>([
  ['an update', renamed],
  ['an update with omissions', { ...renamed, before: null, omitted: ['before'] }],
  ['a new exception', { ...renamed, change: 'created', before: null, kinds: ['moved'] }],
  ['a deletion', { ...renamed, change: 'deleted', after: null, kinds: ['cancelled'] }],
  ['a snapshot', { ...renamed, change: 'snapshot', before: null, kinds: [] }],
])('%s with its kinds has no problem', (_, change) => {
  expect(problemOf(change)).toBeUndefined();
});
