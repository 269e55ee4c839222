import * as z from 'zod';

import { time, timestamp } from '../firestore/timestamps.ts';

/** `status.clock` of a watch: how far the moments of its events are published. Times are Unix ms. */

/** The longest time between the publishing of a moment and the moment. Renew runs every minute, and may be half a minute late. */
export const LEAD_MS = 90_000;

/** `status.clock`, written by sync alone. */
export const clockStatusSchema = z.object({
  /** The clock that the rest is about. */
  key: z.string(),
  /** Every moment due up to here has been published or dropped. */
  until: time,
  /** No mirrored event has a moment after `until` and before this. */
  nextAt: time,
  /** The number of the latest change when the moments were last published. */
  sequence: z.number().int().nonnegative(),
  /** Present if changes have since brought moments up to `until`: the moments after this are looked at again. */
  from: time.optional(),
});
export type ClockStatus = z.infer<typeof clockStatusSchema>;

/** Returns `status.clock` as Firestore stores it; the client leaves out undefined fields. */
export const writeClock = ({ key, until, nextAt, sequence, from }: ClockStatus) => ({
  key,
  until: timestamp(until),
  nextAt: timestamp(nextAt),
  sequence,
  from: timestamp(from),
});

/** Returns when the next moment of a clock must be published at the earliest. */
export const clockAt = ({ nextAt }: ClockStatus): number => nextAt - LEAD_MS;
