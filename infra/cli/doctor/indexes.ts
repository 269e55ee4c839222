/** An index on several fields of the collection `events`, all ascending, for queries of one collection or of all of them. */
export interface CompositeIndex {
  readonly scope: 'COLLECTION' | 'COLLECTION_GROUP';
  readonly fields: readonly string[];
  /** What fails without it. */
  readonly without: string;
}

const overAll = (...fields: readonly string[]): CompositeIndex => ({
  scope: 'COLLECTION_GROUP',
  fields,
  without: 'queries over all calendars fail',
});

/**
 * The composite indexes that queries need. `infra/build/indexes.ts` makes Terraform's from this list; a test compares the commands in
 * `infra/gcloud.md` with Terraform. https://firebase.google.com/docs/firestore/query-data/indexing
 */
export const COMPOSITE_INDEXES = {
  /** For `activeBetween` in `functions/mirror/agenda-queries.ts`. */
  agenda: {
    scope: 'COLLECTION',
    fields: ['activeUntil', 'startsAt'],
    without: 'calendar-mirror events will fail',
  },
  /**
   * For consumers, as functions/README.md documents. Not an index on `startsAt` alone, which gcloud cannot create for all collections:
   * https://cloud.google.com/sdk/gcloud/reference/firestore/indexes/fields/update
   */
  eventsByStart: overAll('startsAt', 'user'),
  eventsOfUser: overAll('user', 'startsAt'),
  eventsOfCalendar: overAll('calendarId', 'startsAt'),
} as const satisfies Readonly<Record<string, CompositeIndex>>;

/** The fields that a query filters by alone. Each needs an ascending single-field index; all other fields are exempt. */
export const FIELD_INDEXES = {
  /** For `functions/watches/channels.ts`. */
  channels: ['nextDueAt'],
  /** For `agenda-queries.ts` and `items.ts` in `functions/mirror`. */
  events: ['originalStartsAt', 'recurringEventId'],
  /** For `watches.ts`, `upkeep.ts` and `followed.ts` in `functions/watches`, and for `infra/cli/admin.ts`. */
  watches: ['followedBy', 'nextDueAt'],
} as const satisfies Readonly<Record<string, readonly string[]>>;
