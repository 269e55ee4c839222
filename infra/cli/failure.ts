/** How a command fails: with one line that says what happened and what to do next. */

interface FailureOptions extends ErrorOptions {
  /** Lines to print below, such as the output of a process. */
  readonly details?: readonly string[];
}

/** A command could not do its work. Exit code 1. */
export class Failure extends Error {
  override readonly name: string = 'Failure';
  /** What to do, or to run, next. */
  readonly next: string;
  readonly details: readonly string[];

  constructor(what: string, next: string, { details = [], ...options }: FailureOptions = {}) {
    super(what, options);
    this.next = next;
    this.details = details;
  }

  /** What happened and what to do, in one line. */
  get line(): string {
    return `${this.message}: ${this.next}`;
  }
}

/** The command line is not valid. Exit code 2. */
export class UsageError extends Failure {
  override readonly name = 'UsageError';
}
