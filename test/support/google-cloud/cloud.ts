import type { Operations } from './operations.ts';
import type { Policies } from './policies.ts';
import type { Refusals } from './refusals.ts';
import type { Store } from './store.ts';

/** What the services share. */
export interface Cloud {
  readonly project: Project;
  readonly store: Store;
  readonly policies: Policies;
  readonly operations: Operations;
  readonly refusals: Refusals;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** The time as responses have it. */
  readonly timestamp: () => string;
  /** Returns another number at each call: for ids, generations and etags. */
  readonly serial: () => number;
}

export interface Project {
  readonly id: string;
  readonly number: string;
}
