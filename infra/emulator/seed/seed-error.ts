/** Something wrong in a seed: the path of the value, and what is wrong with it. */
export interface SeedMistake {
  /** Such as `users[0].calendars[1].events[2].end`; empty for the seed as a whole. */
  readonly path: string;
  readonly what: string;
}

/** Thrown for a seed that cannot be used, with everything that is wrong in it. */
export class SeedError extends Error {
  override readonly name = 'SeedError';
  readonly mistakes: readonly SeedMistake[];

  /** @param file the name of the file, if the seed is from one */
  constructor(mistakes: readonly SeedMistake[], file?: string, options?: ErrorOptions) {
    const prefix = file === undefined ? '' : `${file}: `;
    super(
      mistakes.map(({ path, what }) => prefix + (path === '' ? what : `${path}: ${what}`)).join('\n'),
      options,
    );
    this.mistakes = mistakes;
  }

  /** Returns the same error, with the name of the file in each line. */
  in(file: string): SeedError {
    return new SeedError(this.mistakes, file, { cause: this.cause ?? this });
  }
}
