import type { StoredEvent } from './stored-event.ts';
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

/** An entry of a calendar's access control list. A deleted rule has the role `none`. */
export interface Rule {
  readonly role: Role;
  readonly scope: { readonly type: 'default' | 'user' | 'group' | 'domain'; readonly value?: string };
}

interface Reminder {
  readonly method: 'email' | 'popup';
  readonly minutes: number;
}

/** The fields of a calendar list entry that its user can write. The others belong to the calendar. */
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

/** The fields of a calendar that an owner can write. */
export interface CalendarFields {
  readonly summary: string;
  readonly description?: string | undefined;
  readonly location?: string | undefined;
  readonly timeZone: string;
  readonly conferenceProperties?: { allowedConferenceSolutionTypes?: string[] | undefined } | undefined;
  readonly labelProperties?: { eventLabels?: EventLabel[] | undefined } | undefined;
  readonly autoAcceptInvitations?: boolean | undefined;
  readonly workingHours?: WorkingHours | undefined;
}

export interface WorkingHours {
  readonly workingHoursEnabled?: boolean | undefined;
  /** Periods of a day, in minutes from its start. */
  readonly availableTimes?:
    | { readonly dayOfWeek: string; readonly periodStart: number; readonly periodEnd: number }[]
    | undefined;
}

export interface EventLabel {
  readonly id: string;
  readonly name?: string | undefined;
  readonly backgroundColor: string;
}

export interface CalendarRecord {
  readonly id: string;
  /** The user who owns the data, and whose owner rule cannot be removed. */
  dataOwner: string;
  readonly primary: boolean;
  /** Whether notification channels can be opened on its events and rules. */
  readonly pushable: boolean;
  fields: CalendarFields;
  deleted: boolean;
  readonly events: Ledger<StoredEvent>;
  readonly acl: Ledger<Rule>;
  /** Number of changes of each user's role in this calendar. A change invalidates the user's sync tokens. */
  readonly accessChanges: Map<string, number>;
}

export interface UserRecord {
  readonly email: string;
  /** Whether the user administers the calendars of the organization, which is the domain of the address. */
  admin: boolean;
  readonly list: Ledger<ListEntry>;
  readonly settings: Ledger<string>;
}
