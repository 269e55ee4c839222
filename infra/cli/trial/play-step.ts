import { step as printStep } from '../../local/demo/progress.ts';
import type { Hops } from './witness.ts';

/** The outcome of a step. */
export interface Played {
  readonly hops?: Hops;
  /** In a few words, without personal data. */
  readonly says?: string;
}

/** A step that was played, for the report. */
export interface StepResult extends Played {
  readonly title: string;
  readonly ok: boolean;
}

/** Plays a step and reports it. @throws what the step throws, after reporting the failure */
export type PlayStep = (
  title: string,
  run: (progress: (text: string) => void) => Promise<Played>,
) => Promise<void>;

const seconds = (ms: number | undefined): string => (ms === undefined ? '–' : `${(ms / 1_000).toFixed(2)} s`);

/** Formats how long an edit took to each hop. */
export const formatHops = ({ notification, mirror, feed }: Hops): string =>
  `edit → ${seconds(notification)} notification → ${seconds(mirror)} mirror → ${seconds(feed)} feed`;

/**
 * Returns the player of a trial's steps, and their results so far.
 * @param print prints a result as JSON; undefined to print a line for each step.
 * @param textOf returns what may be told of an error.
 */
export function createPlayer(options: {
  readonly print: ((result: object) => void) | undefined;
  readonly textOf: (error: unknown) => string;
}) {
  const { print, textOf } = options;
  const results: StepResult[] = [];
  const play: PlayStep = async (title, run) => {
    const record = (result: StepResult): void => {
      results.push(result);
      print?.({ type: 'step', ...result });
    };
    const recorded = async (progress: (text: string) => void): Promise<string> => {
      try {
        const played = await run(progress);
        record({ title, ok: true, ...played });
        return [
          ...(played.hops ? [formatHops(played.hops)] : []),
          ...(played.says ? [played.says] : []),
        ].join(', ');
      } catch (error) {
        record({ title, ok: false, says: textOf(error) });
        throw error;
      }
    };
    if (print === undefined) await printStep(title, recorded);
    else await recorded(() => undefined);
  };
  return { play, results: results as readonly StepResult[] };
}
