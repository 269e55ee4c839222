/** How a command fails: one line that says what happened, and what to do next. */

/** What was asked for did not work. Exit code 1. */
export class Failure extends Error {
  override readonly name = 'Failure';
  /** What to do, or to run, next. */
  readonly next: string;

  constructor(what: string, next: string, options?: ErrorOptions) {
    super(what, options);
    this.next = next;
  }
}

/** What was asked for makes no sense. Exit code 2. */
export class WrongUse extends Failure {}
