/** What the doctor finds. */

export type Verdict =
  | 'well'
  | 'wrong'
  /** It could not be looked at, or not from here. */
  | 'unknown'
  /** This cloud has no such thing: emulators have no accounts, no scheduler and no secrets. */
  | 'absent';

export interface Finding {
  /** What was looked at. */
  readonly what: string;
  readonly verdict: Verdict;
  /** What there is to say about it; one line. */
  readonly says: string;
  /** The command, or the deed, that mends it. */
  readonly mend?: string;
}

export const well = (what: string, says: string): Finding => ({ what, verdict: 'well', says });
export const wrong = (what: string, says: string, mend: string): Finding => ({
  what,
  verdict: 'wrong',
  says,
  mend,
});
export const unknown = (what: string, says: string, mend?: string): Finding => ({
  what,
  verdict: 'unknown',
  says,
  ...(mend === undefined ? {} : { mend }),
});
export const absent = (what: string): Finding => ({
  what,
  verdict: 'absent',
  says: 'the cloud on this machine has none',
});
