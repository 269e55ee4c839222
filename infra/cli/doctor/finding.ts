/** The results of `calendar-mirror doctor`. */

export type Verdict =
  | 'well'
  | 'wrong'
  /** It could not be checked. */
  | 'unknown'
  /** The local cloud does not have it: emulators have no accounts, no scheduler and no secrets. */
  | 'absent';

export interface Finding {
  /** What was checked. */
  readonly what: string;
  readonly verdict: Verdict;
  /** The result, in one line. */
  readonly says: string;
  /** The command or action that fixes it. */
  readonly fix?: string;
}

export const well = (what: string, says: string): Finding => ({ what, verdict: 'well', says });
export const wrong = (what: string, says: string, fix: string): Finding => ({
  what,
  verdict: 'wrong',
  says,
  fix,
});
export const unknown = (what: string, says: string, fix?: string): Finding => ({
  what,
  verdict: 'unknown',
  says,
  ...(fix === undefined ? {} : { fix }),
});
export const absent = (what: string): Finding => ({
  what,
  verdict: 'absent',
  says: 'not available on the local cloud',
});
