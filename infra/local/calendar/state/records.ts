import type { StoredEvent } from '../event/stored.ts';
import type { Ledger } from './ledger.ts';

/** Access roles, weakest first. */
export const roles = [
  'none',
  'freeBusyReader',
  'reader',
  'writerWithoutPrivateAccess',
  'writer',
  'owner',
] as const;
export type Role = (typeof roles)[number];

/** One line of a calendar's access control list. A deleted rule has the role `none`. */
export interface Rule {
  readonly role: Role;
  readonly scope: { readonly type: 'default' | 'user' | 'group' | 'domain'; readonly value?: string };
}

interface Reminder {
  readonly method: 'email' | 'popup';
  readonly minutes: number;
}

/** What a user may say about a calendar on their list; the rest of the entry is the calendar's own. */
export interface ListEntry {
  readonly deleted?: boolean;
  readonly summaryOverride?: string | undefined;
  readonly colorId?: string | undefined;
  readonly backgroundColor?: string | undefined;
  readonly foregroundColor?: string | undefined;
  readonly hidden?: boolean | undefined;
  readonly selected?: boolean | undefined;
  readonly defaultReminders?: readonly Reminder[] | undefined;
  readonly notificationSettings?:
    | { readonly notifications?: readonly { type: string; method: string }[] | undefined }
    | undefined;
}

/** What an owner may say about a calendar. */
export interface CalendarFields {
  readonly summary: string;
  readonly description?: string | undefined;
  readonly location?: string | undefined;
  readonly timeZone: string;
  readonly conferenceProperties?: { allowedConferenceSolutionTypes?: string[] | undefined } | undefined;
  readonly labelProperties?: { eventLabels?: EventLabel[] | undefined } | undefined;
  readonly autoAcceptInvitations?: boolean | undefined;
}

export interface EventLabel {
  readonly id: string;
  readonly name?: string | undefined;
  readonly backgroundColor: string;
}

export interface CalendarRecord {
  readonly id: string;
  /** The user to whom the data belongs, and whose owner rule can never be taken away. */
  readonly dataOwner: string;
  readonly primary: boolean;
  /** Whether notification channels can be opened on its events and rules. */
  readonly pushable: boolean;
  fields: CalendarFields;
  deleted: boolean;
  readonly events: Ledger<StoredEvent>;
  readonly acl: Ledger<Rule>;
  /** Counts, for each user, how often their role here has changed: a sync token outlives no such change. */
  readonly accessChanges: Map<string, number>;
}

export interface UserRecord {
  readonly email: string;
  readonly list: Ledger<ListEntry>;
  readonly settings: Ledger<string>;
}
