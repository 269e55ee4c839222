/** Where the lines and bars of a chart are in its drawing. Pure; lengths are px, from the top left. */

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Room for the labels of the axes. */
export const MARGIN = { top: 10, right: 14, bottom: 24, left: 46 } as const;

/** Steps between the lines of a scale. */
const STEPS = [1, 2, 5, 10] as const;
const LINES = 4;

/** Returns the numbers of a scale that has room for a value: round ones, from 0. */
export function scaleFor(highest: number): readonly number[] {
  const least = Math.max(1, highest) / LINES;
  const power = 10 ** Math.floor(Math.log10(least));
  const step = (STEPS.find((each) => each * power >= least) ?? 10) * power;
  const whole = Math.max(1, step);
  return Array.from({ length: Math.ceil(Math.max(1, highest) / whole) + 1 }, (_, index) => index * whole);
}

/** Returns the horizontal centre of the value with this index, of `count` values. */
export function xOf(index: number, count: number, { width }: Size): number {
  const inner = width - MARGIN.left - MARGIN.right;
  return MARGIN.left + ((index + 0.5) / Math.max(1, count)) * inner;
}

/** Returns the index of the value at a horizontal position, of `count` values; null outside the plot. */
export function indexAt(x: number, count: number, { width }: Size): number | null {
  const inner = width - MARGIN.left - MARGIN.right;
  const index = Math.floor(((x - MARGIN.left) / inner) * count);
  return index >= 0 && index < count ? index : null;
}

/** Returns the vertical position of a value on a scale from 0 to `top`. */
export function yOf(value: number, top: number, { height }: Size): number {
  const inner = height - MARGIN.top - MARGIN.bottom;
  return MARGIN.top + inner * (1 - value / top);
}

const round = (length: number): number => Math.round(length * 10) / 10;

/** A ring around a point, relative to it. */
const RING = 'm-2.5,0a2.5,2.5 0 1 0 5,0a2.5,2.5 0 1 0 -5,0';

/** Returns the SVG path of a line. Missing values interrupt it; a value without neighbours is drawn as a ring. */
export function linePath(values: readonly (number | null)[], top: number, size: Size): string {
  let path = '';
  for (const [index, value] of values.entries()) {
    if (value === null) continue;
    const isGoing = index > 0 && values[index - 1] !== null;
    const at = `${String(round(xOf(index, values.length, size)))},${String(round(yOf(value, top, size)))}`;
    const isDot = !isGoing && (values[index + 1] ?? null) === null;
    path += `${isGoing ? 'L' : 'M'}${at}${isDot ? RING : ''}`;
  }
  return path;
}

/** Returns the SVG path of the bars. */
export function barPath(values: readonly (number | null)[], top: number, size: Size): string {
  const room = (size.width - MARGIN.left - MARGIN.right) / Math.max(1, values.length);
  const width = Math.min(48, room * 0.7);
  const foot = round(yOf(0, top, size));
  return values
    .map((value, index) => {
      if (value === null || value === 0) return '';
      const left = round(xOf(index, values.length, size) - width / 2);
      return `M${String(left)},${String(foot)}V${String(round(yOf(value, top, size)))}h${String(round(width))}V${String(foot)}z`;
    })
    .join('');
}

/** Returns the indexes of the values that have room for a label: every n-th, and always the last. */
export function labelled(count: number, { width }: Size, labelWidth: number): readonly number[] {
  const inner = width - MARGIN.left - MARGIN.right;
  const every = Math.max(1, Math.ceil((count * labelWidth) / Math.max(1, inner)));
  return Array.from({ length: count }, (_, index) => index).filter(
    (index) => (count - 1 - index) % every === 0,
  );
}
