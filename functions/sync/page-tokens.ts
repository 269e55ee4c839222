import { createHash } from 'node:crypto';

import type { Problem } from '../calendar/errors.ts';
import type { Traversal } from '../watches/status.ts';

/**
 * Detects page tokens that repeat, so that a list has no end. This is Brent's algorithm: it remembers one token, and
 * replaces it after 1, 2, 4, 8, … pages. It finds a cycle within about three times as many pages as the cycle and the
 * pages before it have.
 * @see https://en.wikipedia.org/wiki/Cycle_detection#Brent's_algorithm
 */

export const PAGE_TOKEN_REPEATED: Problem = {
  kind: 'temporary',
  reason: 'pageTokenRepeated',
  notApplied: false,
};

/** Hashes a page token, which may be long, for the watch's document. */
const markOf = (token: string): string => createHash('sha256').update(token).digest('base64url').slice(0, 22);

/** Returns whether the next page is one that was read before: the current one, or the remembered one. */
export const isRepeated = ({ pageToken, tokenMark }: Traversal, next: string): boolean =>
  next === pageToken || markOf(next) === tokenMark;

/** Returns the mark to remember after `stepsCommitted` pages, where `token` names the next page. */
export const nextMark = (
  { tokenMark }: Traversal,
  stepsCommitted: number,
  token: string,
): Pick<Traversal, 'tokenMark'> =>
  Number.isInteger(Math.log2(stepsCommitted))
    ? { tokenMark: markOf(token) }
    : tokenMark === undefined
      ? {}
      : { tokenMark };
