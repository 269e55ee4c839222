/** The real googleapis client against an emulator. */
import { calendar } from 'googleapis/build/src/apis/calendar/index.js';
import * as z from 'zod';
import type { calendar_v3 } from 'googleapis/build/src/apis/calendar/index.js';

/** Returns a client of `user`. It does not retry, so that a test sees every response. */
export function clientOf(url: string, user: string): calendar_v3.Calendar {
  return calendar({
    version: 'v3',
    rootUrl: `${url}/`,
    headers: { Authorization: `Bearer ${user}` },
    retry: false,
  });
}

export interface Refusal {
  readonly status: number;
  readonly reason: string;
  readonly message: string;
}

const failure = z.object({
  response: z.object({
    status: z.number(),
    data: z.object({
      error: z.object({ errors: z.array(z.object({ reason: z.string(), message: z.string() })) }),
    }),
  }),
});

/**
 * Waits for a call to be rejected. Returns the error.
 * @throws Error if it succeeds, or fails without an error in Google's format
 */
export async function refusal(call: Promise<unknown>): Promise<Refusal> {
  const error = await call.then(
    () => new Error('expected the call to be rejected, but it succeeded'),
    (reason: unknown) => reason,
  );
  const parsed = failure.safeParse(error);
  if (!parsed.success) throw error;
  const { status, data } = parsed.data.response;
  return { status, reason: data.error.errors[0]?.reason ?? '', message: data.error.errors[0]?.message ?? '' };
}
