import type { EventTime } from '../calendar/event-times.ts';

/**
 * A kind of a change, with what it was and what it is. Null means that there is none, or that the message does not have it: a new
 * exception has no `before`, and a change that is too large leaves it out.
 */
export type Detail =
  | { readonly kind: 'moved'; readonly from: EventTime | null; readonly to: EventTime | null }
  /** Lengths in ms; a day of an all-day event has 24 hours. */
  | { readonly kind: 'resized'; readonly from: number | null; readonly to: number | null }
  | { readonly kind: TextKind; readonly from: string | null; readonly to: string | null }
  /** The attendee's address, and their `responseStatus`. Both are the same if only the comment or the guests changed. */
  | {
      readonly kind: 'responded';
      readonly who: string | null;
      readonly from: string | null;
      readonly to: string | null;
    }
  | { readonly kind: 'invited' | 'uninvited'; readonly who: string | null }
  | { readonly kind: 'recurrence'; readonly from: readonly string[]; readonly to: readonly string[] }
  /** `who` is the scope of a rule. */
  | { readonly kind: 'granted' | 'revoked'; readonly who: string; readonly role: string | null }
  /** Of a rule, `who` has it; in a calendar list, it is the user's. */
  | {
      readonly kind: 'role';
      readonly who: string | null;
      readonly from: string | null;
      readonly to: string | null;
    }
  /** A field of Google's, with its values. */
  | {
      readonly kind: FieldKind;
      readonly field: string | null;
      readonly from: unknown;
      readonly to: unknown;
    }
  | { readonly kind: 'cancelled' | 'restored' | 'touched' | 'added' | 'removed' | 'hidden' | 'shown' };

/** `organizer` is an address, `conference` a link to join. */
type TextKind =
  | 'status'
  | 'renamed'
  | 'description'
  | 'location'
  | 'conference'
  | 'organizer'
  | 'timeZone'
  | 'value';

/** Kinds of fields that are described as they are. */
export type FieldKind =
  | 'reminders'
  | 'visibility'
  | 'attachments'
  | 'properties'
  | 'appearance'
  | 'notifications'
  | 'other';
