/**
 * Google's palettes (https://developers.google.com/workspace/calendar/api/v3/reference/colors): clients can only write these
 * numbers.
 */
type Palette = Readonly<Record<string, { readonly background: string; readonly foreground: string }>>;

const palette = (backgrounds: string): Palette =>
  Object.fromEntries(
    backgrounds
      .split(' ')
      .map((background, index) => [String(index + 1), { background, foreground: '#1d1d1d' }]),
  );

/** The colours of calendars, 1 to 24. */
export const calendarColors = palette(
  '#ac725e #d06b64 #f83a22 #fa573c #ff7537 #ffad46 #42d692 #16a765 ' +
    '#7bd148 #b3dc6c #fbe983 #fad165 #92e1c0 #9fe1e7 #9fc6e7 #4986e7 ' +
    '#9a9cff #b99aff #c2c2c2 #cabdbf #cca6ac #f691b2 #cd74e6 #a47ae2',
);

/** The colours of events, 1 to 11. */
export const eventColors = palette(
  '#a4bdfc #7ae7bf #dbadff #ff887c #fbd75b #ffb878 #46d6db #e1e1e1 #5484ed #51b749 #dc2127',
);

/** Returns whether a text is a colour of 24 bits, such as `#039be5`. */
export const isColor = (text: string): boolean => /^#[0-9a-f]{6}$/i.test(text);

/** Returns the number of the calendar colour nearest to `#rrggbb`. */
export function nearestColor(color: string): string {
  const wanted = channels(color);
  const distance = (hex: string): number =>
    channels(hex).reduce((sum, value, index) => sum + (value - (wanted[index] ?? 0)) ** 2, 0);
  const ranked = Object.entries(calendarColors).toSorted(
    ([, a], [, b]) => distance(a.background) - distance(b.background),
  );
  return ranked[0]?.[0] ?? '1';
}

const channels = (hex: string): number[] => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
