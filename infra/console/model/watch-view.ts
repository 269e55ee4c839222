/** A watch as the console shows it. Shared by the server and the page. Times are Unix ms. */
export interface WatchView {
  readonly id: string;
  readonly user: string | null;
  readonly resource: 'events' | 'acl' | 'calendarList' | 'settings' | null;
  readonly calendarId: string | null;
  readonly state:
    | 'pending'
    | 'active'
    | 'polling'
    | 'paused'
    | 'gone'
    | 'removing'
    | 'removed'
    | 'unreadable';
  readonly reason: string | null;
  /** The state in words. */
  readonly detail: string | null;
  /** The command that fixes what is wrong; null if nothing is. */
  readonly fix: string | null;
  readonly sequence: number;
  readonly channel: { readonly id: string; readonly expiresAt: number } | null;
  /** When the last complete sync ended, and when it had started: older changes are mirrored. */
  readonly completedAt: number | null;
  readonly startedAt: number | null;
  /** The kind of the sync that is under way, such as `full`. */
  readonly syncing: string | null;
  readonly failures: number;
  readonly error: string | null;
  readonly nextCheckAt: number | null;
  readonly skippedItems: readonly { readonly item: string; readonly reason: string }[];
  readonly followedBy: string | null;
  readonly clock: boolean;
}

/** What a state means, for a watch whose status says no more. */
export const STATE_TEXT: Readonly<Record<WatchView['state'], string>> = {
  pending: 'New: it waits for its first sync, or for its channel.',
  active: 'Google sends a notification for each change, and sync follows.',
  polling: 'Google sends no notifications for it now: it is polled.',
  paused: 'Google denies access: it is checked again, and recovers by itself.',
  gone: 'Google no longer has it: its items stay, and it is checked again.',
  removing: 'It is being removed: its channel is stopped first.',
  removed: 'It is no longer synced. Its document keeps the last sequence.',
  unreadable: 'Its document is not valid.',
};

/** Health in one sentence, for the top of the page. */
export interface Health {
  /** Whether every invariant that the console can see holds. */
  readonly ok: boolean;
  /** Such as `19 watches active, 1 paused, nothing late; last change 4 s ago`; the page adds the age of the last change. */
  readonly sentence: string;
  /** When the last change was published, Unix ms; null if none since the start. */
  readonly lastChangeAt: number | null;
  /** What is wrong, worst first, each with the watch and the command that fixes it. */
  readonly problems: readonly {
    readonly watchId: string;
    readonly text: string;
    readonly fix: string | null;
  }[];
  /** Problems beyond those. */
  readonly more: number;
}
