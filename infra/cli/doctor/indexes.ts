/**
 * The composite indexes that queries need, by their names in `infra/terraform/indexed-fields.tf`. All are ascending and on the
 * collection `events`. Tests compare Terraform with this list, and the commands in `infra/gcloud.md` with Terraform.
 * https://firebase.google.com/docs/firestore/query-data/indexing
 */
export const COMPOSITE_INDEXES = {
  /** For `activeBetween` in `functions/mirror/agenda-queries.ts`. */
  agenda: ['activeUntil', 'startsAt'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** The fields that a query filters by alone. Each needs an ascending single-field index; all other fields are exempt. */
export const FIELD_INDEXES = {
  /** For `functions/watches/channels.ts`. */
  channels: ['nextDueAt'],
  /** For `agenda-queries.ts` and `items.ts` in `functions/mirror`. */
  events: ['originalStartsAt', 'recurringEventId'],
  /** For `watches.ts`, `upkeep.ts` and `followed.ts` in `functions/watches`, and for `infra/cli/admin.ts`. */
  watches: ['followedBy', 'nextDueAt'],
} as const satisfies Readonly<Record<string, readonly string[]>>;
