/** The table of the emulators: an operation in a line, with ever larger calendars. */

/** What was measured with a calendar of that many events: the milliseconds of each operation, and the memory in MiB. */
export interface Measured {
  readonly events: number;
  readonly ms: Readonly<Record<string, readonly number[]>>;
  readonly memory: { readonly now: number; readonly peak: number };
}

interface Emulator {
  readonly name: string;
  readonly sizes: readonly Measured[];
}

/** Returns the value that a part of all values does not exceed. */
function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * part) - 1] ?? sorted[0] ?? Number.NaN;
}

export const medianOf = (values: readonly number[]): number => quantile(values, 0.5);

/** Returns the exponent of a growth: 0 for a time that stays the same, 1 for one that grows as the number of events does. */
export function exponentOf(points: readonly (readonly [events: number, value: number])[]): number {
  const logs = points.map(([events, value]) => [Math.log10(events), Math.log10(value)] as const);
  const mean = (at: 0 | 1): number => logs.reduce((sum, point) => sum + point[at], 0) / logs.length;
  const [x, y] = [mean(0), mean(1)];
  const shared = logs.reduce((sum, point) => sum + (point[0] - x) * (point[1] - y), 0);
  return shared / logs.reduce((sum, point) => sum + (point[0] - x) ** 2, 0);
}

/**
 * Returns the growth of an operation's median with calendars of `from` events and more; undefined if there is only one. With fewer
 * events its answer is smaller.
 */
export function growthOf(sizes: readonly Measured[], operation: string, from = 0): number | undefined {
  const points = sizes.flatMap(({ events, ms }) => {
    const values = ms[operation];
    return values === undefined || events < from ? [] : [[events, medianOf(values)] as const];
  });
  return points.length < 2 ? undefined : exponentOf(points);
}

const digits = (value: number): string => value.toFixed(value < 10 ? 2 : 0);

const cellOf = (values: readonly number[] | undefined): string =>
  values === undefined ? '' : `${digits(medianOf(values))} / ${digits(quantile(values, 0.99))}`;

const line = (label: string, name: string, cells: readonly string[], growth: number | undefined) => [
  label,
  name,
  ...cells,
  growth === undefined ? '' : growth.toFixed(2),
];
const at = (sizes: readonly Measured[], count: number) => sizes.find((size) => size.events === count);

/**
 * Returns the lines of the table, its heading first. `fullFrom` is from how many events on an operation's answer is
 * as large as it gets.
 */
export function tableOf(
  emulators: readonly Emulator[],
  fullFrom: Readonly<Record<string, number | undefined>> = {},
): readonly (readonly string[])[] {
  const events = emulators[0]?.sizes.map((size) => size.events) ?? [];
  const operations = Object.keys(emulators[0]?.sizes[0]?.ms ?? {});
  return [
    [
      'ms, median / 99th percentile',
      'emulator',
      ...events.map((count) => `${count.toLocaleString('en-US')} events`),
      'growth',
    ],
    ...operations.flatMap((operation) =>
      emulators
        .filter(({ sizes }) => sizes[0]?.ms[operation] !== undefined)
        .map(({ name, sizes }) =>
          line(
            operation,
            name,
            events.map((count) => cellOf(at(sizes, count)?.ms[operation])),
            growthOf(sizes, operation, fullFrom[operation]),
          ),
        ),
    ),
    ...emulators.map(({ name, sizes }) =>
      line(
        'resident memory, MiB: in the end / at most',
        name,
        events.map((count) => {
          const memory = at(sizes, count)?.memory;
          return memory === undefined ? '' : `${digits(memory.now)} / ${digits(memory.peak)}`;
        }),
        exponentOf(sizes.map((size) => [size.events, size.memory.now])),
      ),
    ),
  ];
}
