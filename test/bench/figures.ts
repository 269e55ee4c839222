/** The results of a benchmark: figures with their spread, and marks with a bound. */

/** One quantity, measured several times on the same machine in the same run. */
export interface Figure {
  readonly what: string;
  readonly unit: string;
  readonly median: number;
  /** The quartiles: half of all values lie between them. */
  readonly low: number;
  readonly high: number;
  readonly count: number;
}

/** A number that has to stay within a bound. */
export interface Mark {
  readonly what: string;
  readonly value: number;
  readonly most?: number;
  readonly least?: number;
  /** A goal may be missed: it is only shown. */
  readonly isGoal?: boolean;
}

export interface Result {
  readonly figures: readonly Figure[];
  readonly marks: readonly Mark[];
  /** A table of the row's own, its heading first: more than the figures tell. */
  readonly table?: readonly (readonly string[])[];
}

/** How much is measured: `tiny` shows that a row works, and its figures mean nothing. */
export type Size = 'full' | 'tiny';

export interface Row {
  readonly name: string;
  /** What is measured, in a line. */
  readonly about: string;
  /** Whether it runs without the emulators of Firestore and Pub/Sub, and without the functions. */
  readonly standsAlone?: boolean;
  /** `tell` takes a line of progress. */
  readonly measure: (size: Size, tell: (line: string) => void) => Promise<Result>;
}

/** Returns the value that a `part` (0 to 1) of all values do not exceed. */
function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (sorted.length - 1) * part;
  const below = sorted[Math.floor(at)];
  const above = sorted[Math.ceil(at)];
  if (below === undefined || above === undefined) throw new Error('there are no values');
  return below + (above - below) * (at - Math.floor(at));
}

/** Returns the median and quartiles of values. @throws Error if there are none. */
export const figure = (what: string, unit: string, values: readonly number[]): Figure => ({
  what,
  unit,
  median: quantile(values, 0.5),
  low: quantile(values, 0.25),
  high: quantile(values, 0.75),
  count: values.length,
});

/** Returns the ratio of the medians of two figures, with a bound. */
export const ratio = (
  what: string,
  of: Figure,
  to: Figure,
  bound: Pick<Mark, 'most' | 'least'> = {},
): Mark => ({
  what,
  value: of.median / to.median,
  ...bound,
});

export const isMet = ({ value, most = Infinity, least = -Infinity }: Mark): boolean =>
  value <= most && value >= least;
