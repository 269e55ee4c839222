/** Checks that the kinds of a message of the feed are those that its items show. */
import { isDeepStrictEqual } from 'node:util';
import type { Change } from '../../functions/feed/change.ts';
import { KINDS, kindsOf } from '../../functions/feed/kinds.ts';

/** Returns what is wrong with the kinds of a change and its attributes, undefined if nothing is. */
export function kindProblem(
  change: Change,
  attributes: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const { resource, kinds, omitted } = change;
  const flags = Object.keys(attributes).filter((name) => name.startsWith('kind_'));
  if (!isDeepStrictEqual(flags.toSorted(), kinds.map((kind) => `kind_${kind}`).toSorted()))
    return `the attributes ${flags.join(', ')} are not those of the kinds ${kinds.join(', ')}`;
  const known: readonly string[] = KINDS[resource];
  const unknown = kinds.filter((kind) => !known.includes(kind));
  if (unknown.length > 0) return `${unknown.join(', ')} is not a kind of ${resource}`;
  // A new exception is compared with its series, and what was omitted is not in the message.
  if (change.change === 'created' || omitted !== undefined)
    return change.change === 'updated' && kinds.length === 0 ? 'an update without a kind' : undefined;
  const expected = kindsOf(change);
  return isDeepStrictEqual(kinds, expected)
    ? undefined
    : `kinds are ${kinds.join(', ')}, not ${expected.join(', ')}`;
}
