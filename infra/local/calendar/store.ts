import type { Clock } from './clock.ts';
import type { Change, Collection, Resource } from './state/collection.ts';

export type { Change, Collection, Resource } from './state/collection.ts';
export { collectionKey } from './state/collection.ts';

export interface StoreOptions {
  readonly clock: Clock;
  /** Source of ids and of empty pages: 0 ≤ n < 1. Seed it and a run can be repeated. `Math.random` by default. */
  readonly random?: () => number;
  /** How long a sync token works after it was issued. 30 days by default. */
  readonly syncTokenTtlMs?: number;
  /** Probability (0 to 1) that a list answers with an empty page and a `nextPageToken`, which Google permits. 0 by default. */
  readonly emptyPages?: number;
  /** Called synchronously after every mutation, once for each collection that changed. */
  readonly onChange?: (change: Change) => void;
}

/** What a watch call refers to, once access to it was checked. */
export interface WatchTarget {
  readonly collection: Collection;
  /** Whether Google sends notifications for it at all: not for holiday calendars, for example. */
  readonly pushable: boolean;
  /** The calendar's own id where `primary` may have been asked for; absent for resources without a calendar. */
  readonly canonicalCalendarId?: string;
}

/** The whole state behind the emulated API. */
export interface Store {
  readonly clock: Clock;
  /** Makes sure that the account exists. Throws 401 `authError` where the name is no email address. */
  signIn(user: string): void;
  /** Sets one of a user's settings, which the API itself cannot. Throws 401 as `signIn` does, 400 on more than 1024 characters. */
  setSetting(user: string, id: string, value: string): void;
  /** Checks access exactly as the list method of that resource does (same errors), and says what would be watched. */
  watchTarget(user: string, resource: Resource, calendarId?: string): WatchTarget;
  /** Makes every sync token issued so far invalid (410 `fullSyncRequired`): of one collection, or of all. */
  expireSyncTokens(collection?: Collection): void;
  /** Back to an empty store. Tokens issued before are no longer valid. */
  reset(): void;
}

/** An empty store. */
export function createStore(options: StoreOptions): Store {
  throw new Error(`not yet ${String(options)}`);
}
