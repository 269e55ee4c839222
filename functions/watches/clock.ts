import * as z from 'zod';

/** `spec.clock` of a watch: which moments of its events to publish. */

/** A moment of an event: its start or end, or a time relative to its start. */
export interface Moment {
  /** As in the spec: `start`, `end`, `-PT10M`. */
  readonly name: string;
  readonly of: 'start' | 'end';
  /** What to add to the start or end, in ms. */
  readonly offsetMs: number;
}

/** A valid `spec.clock`. */
export interface Clock {
  readonly moments: readonly Moment[];
  /** Whether all-day events have moments too. */
  readonly allDay: boolean;
  /** Identifies the clock: equal clocks have equal keys. */
  readonly key: string;
}

/** `spec.clock` as people write it. */
export type ClockInput =
  | readonly string[]
  | { readonly moments: readonly string[]; readonly allDay?: boolean | undefined };

const SECOND = 1000;
const DAY = 86_400 * SECOND;
const LONGEST_OFFSET = 31 * DAY;
const UNITS = [7 * DAY, DAY, 3600 * SECOND, 60 * SECOND, SECOND];

/** Durations of ISO 8601 without years and months, whose lengths differ. */
const DURATION =
  /^(-?)P(?!$)(?:(\d{1,7})W)?(?:(\d{1,7})D)?(?:T(?!$)(?:(\d{1,7})H)?(?:(\d{1,7})M)?(?:(\d{1,7})S)?)?$/;

/** Returns the moment of that name; undefined if there is none. A day of a duration has 24 hours. */
function momentNamed(name: string): Moment | undefined {
  if (name === 'start' || name === 'end') return { name, of: name, offsetMs: 0 };
  const [whole, sign, ...amounts] = DURATION.exec(name) ?? [];
  if (whole === undefined) return undefined;
  const length = UNITS.reduce((sum, unit, index) => sum + unit * Number(amounts[index] ?? 0), 0);
  if (length === 0 || length > LONGEST_OFFSET) return undefined;
  return { name, of: 'start', offsetMs: sign === '-' ? -length : length };
}

const MOMENT_RULE =
  'is neither "start" nor "end", nor a duration of at most 31 days before or after the start, such as "-PT10M" or "PT5M"';

const momentSchema = z.unknown().transform((name, context): Moment => {
  const moment = typeof name === 'string' ? momentNamed(name) : undefined;
  if (moment !== undefined) return moment;
  context.addIssue({ code: 'custom', message: MOMENT_RULE });
  return z.NEVER;
});

const MOST_MOMENTS = 20;
const LIST_RULE = `must be a list of 1 to ${MOST_MOMENTS} moments, such as ["-PT10M", "start"], or { moments: […], allDay: true }`;

function readClock({ moments, allDay = false }: { moments: Moment[]; allDay?: boolean | undefined }): Clock {
  const byName = new Map(moments.map((moment) => [moment.name, moment]));
  const names = [...byName.keys()].toSorted();
  return { moments: [...byName.values()], allDay, key: JSON.stringify({ names, allDay }) };
}

/** `spec.clock`: a list of moments, or that list with options. */
export const clockSchema = z
  .preprocess(
    (value) => (Array.isArray(value) ? { moments: value } : value),
    z.strictObject(
      {
        moments: z.array(momentSchema, { error: LIST_RULE }).min(1, LIST_RULE).max(MOST_MOMENTS, LIST_RULE),
        allDay: z.boolean().optional(),
      },
      { error: ({ code }) => (code === 'invalid_type' ? LIST_RULE : undefined) },
    ),
  )
  .transform(readClock);

/** A clock that is copied as it is written, and as valid as {@link clockSchema} demands. */
export const clockInputSchema = z.custom<ClockInput>().superRefine((value, context) => {
  for (const { path, message } of clockSchema.safeParse(value).error?.issues ?? [])
    context.addIssue({ code: 'custom', path, message });
});
