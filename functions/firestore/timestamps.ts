import { Timestamp } from '@google-cloud/firestore';
import * as z from 'zod';

/** Times are Unix milliseconds in the code and Timestamps in Firestore. */

/** Parses a Timestamp to Unix ms. */
export const time = z.instanceof(Timestamp).transform((at) => at.toMillis());

/** Returns Unix ms as a Timestamp, and undefined as it is. */
export const timestamp = (ms: number | undefined): Timestamp | undefined =>
  ms === undefined ? undefined : Timestamp.fromMillis(Math.floor(ms));
