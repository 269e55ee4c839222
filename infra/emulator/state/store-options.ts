import type { Clock } from './clock.ts';
import type { Change } from './collection.ts';
import type { TokenMarks } from './tokens.ts';

/** How lists answer. */
export interface ListOptions {
  /** Lifetime of sync tokens. 30 days by default. */
  readonly syncTokenTtlMs?: number;
  /** Probability (0 to 1) that a list returns an empty page and a `nextPageToken`, which Google permits. 0 by default. */
  readonly emptyPages?: number;
  /** Maximum number of items on a page, whatever `maxResults` says: Google may return fewer. No limit by default. */
  readonly pageLimit?: number;
  /**
   * Maximum number of cancelled occurrences of one series in an incremental list with `singleEvents`. Google returns some months
   * of them (https://github.com/googleapis/google-api-ruby-client/issues/860). No limit by default.
   */
  readonly maxCancelledOccurrences?: number;
  /**
   * Whether full lists keep cancelled occurrences of deleted series (https://github.com/nylas/sync-engine/issues/433). False by
   * default.
   */
  readonly orphanedOccurrences?: boolean;
}

export interface StoreOptions extends ListOptions {
  readonly clock: Clock;
  /** Source of ids and of empty pages: 0 ≤ n < 1. A seeded source makes a run repeatable. `Math.random` by default. */
  readonly random?: () => number;
  /** Called synchronously after every mutation, once for each collection that changed. */
  readonly onChange?: (change: Change) => void;
  /** Tells sync tokens of lost changes from others, where the state is kept in a file. */
  readonly marks?: TokenMarks | undefined;
}
