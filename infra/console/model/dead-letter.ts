/** Dead letters as the console shows them. Shared by the server and the page. Times are Unix ms. */

export interface DeadLetterView {
  /** The id of its message. */
  readonly id: string;
  readonly deadSince: number;
  /** The watch that it names; null if it names none. */
  readonly watch: string | null;
  readonly watchIsGone: boolean;
  /** Why the notification was sent, such as `push`; null if it does not say so. */
  readonly notification: string | null;
  /** Why sync could not process it. */
  readonly reason: string;
  /** Why it cannot be replayed; null if it can. */
  readonly problem: string | null;
}

export interface DeadLetterList {
  readonly subscription: string;
  /** The oldest first. */
  readonly letters: readonly DeadLetterView[];
  /** Whether there may be more than were read. */
  readonly more: boolean;
  /** Those of deleted watches, and the command that deletes them. */
  readonly orphaned: { readonly problem: string; readonly fix: string } | null;
}

/** The notification itself. */
export interface DeadLetterBody {
  readonly attributes: Readonly<Record<string, string>>;
  readonly text: string;
}

/** What became of dead letters that were to be replayed. */
export interface ReplayedLetters {
  readonly replayed: readonly string[];
  /** Those that cannot be, and stay. */
  readonly left: readonly { readonly id: string; readonly problem: string }[];
  readonly command: string;
}

/** Returns the command that does the same with all dead letters, or with those named. Pure. */
export const deadLetterCommand = (action: 'replay' | 'purge', ids: readonly string[]): string =>
  ['calendar-mirror dead-letters', action, ...ids].join(' ');
