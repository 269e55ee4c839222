/** Subscriptions of the feed as the console shows them. Shared by the server and the page. */

export interface SubscriptionView {
  readonly name: string;
  /** The topic's short name. */
  readonly topic: string;
  /** Where messages are pushed to; null if they are pulled. */
  readonly push: string | null;
  readonly filter: string | null;
  readonly isOrdered: boolean;
  /** How long messages are kept; null if Pub/Sub does not say. */
  readonly retentionSeconds: number | null;
  readonly deadLetterTopic: string | null;
  readonly attempts: number | null;
  /** Whether a command of calendar-mirror made it for as long as it runs. */
  readonly isTemporary: boolean;
  /** Messages that are not acknowledged, and the age of the oldest; null if not known. */
  readonly backlog: number | null;
  readonly oldestSeconds: number | null;
  /** What can surprise its consumer. */
  readonly warnings: readonly { readonly says: string; readonly fix: string }[];
}

/** Why something cannot be known here, and what would help. */
export interface NotKnown {
  readonly because: string;
  readonly fix: string | null;
}

export interface SubscriptionList {
  readonly subscriptions: readonly SubscriptionView[];
  /** Why backlogs are not known; null if they are. */
  readonly notKnown: NotKnown | null;
}
