/** The states of a watch; what they mean is in `watch.ts`. Without imports, so that consumers of the feed load no Google client. */

export const STATES = ['pending', 'active', 'polling', 'paused', 'gone', 'removing', 'removed'] as const;
export type State = (typeof STATES)[number];

/** A new state; the reason and detail of the one before it do not stay. */
export interface StateChange {
  readonly state: State;
  readonly reason?: string;
  readonly detail?: string;
}
