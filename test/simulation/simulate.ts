import { audit, type Violation } from './audit.ts';
import { createCast, type Part } from './cast.ts';
import { createFaults } from './faults.ts';
import type { Measured } from './measures.ts';
import { live } from './people.ts';
import { schedule } from './scheduler.ts';
import { DAY, endOf, SETTLING, START, type Scenario } from './scenario.ts';
import type { Subject } from './subject.ts';
import { createTimeline } from './timeline.ts';
import { createWorld } from './world.ts';

/** One run: some watches, some days, everything that goes wrong in them, and what comes of it. */

export interface WatchResult extends Measured {
  readonly watch: number;
  readonly pushable: boolean;
  readonly lost: number;
  readonly orphans: number;
  readonly changes: number;
  readonly renumbered: number;
}

export interface Result {
  readonly watches: readonly WatchResult[];
  readonly violations: readonly Violation[];
  /** The labels of the faults that struck, and of what people did. */
  readonly struck: readonly string[];
  readonly renewRuns: number;
  readonly deadLetters: number;
}

interface Observer {
  /** Told everything that happens, in order; `at` is Unix ms. */
  readonly told?: (at: number, watch: number | undefined, text: string) => void;
  /** Told every day how many have passed. */
  readonly passed?: (day: number) => void;
}

/** Runs a scenario. Equal scenarios have equal results. */
export async function simulate(scenario: Scenario, { told, passed }: Observer = {}): Promise<Result> {
  const time = createTimeline(START);
  const tell = (subject: Subject | undefined, text: string): void =>
    told?.(time.now(), subject?.number, text);
  const violations: Violation[] = [];
  const violated = (subject: Subject | undefined, what: string): void => {
    violations.push({ watch: subject?.number, what });
    tell(subject, `VIOLATION: ${what}`);
  };
  const faults = createFaults(scenario, time, tell);
  const cast = createCast(scenario, time, faults);
  const traced = told !== undefined;
  const { documents, channels, renews, deadLetters } = createWorld({
    scenario,
    time,
    faults,
    cast,
    tell,
    violated,
    traced,
  });

  for (const { subject, collection, measures } of cast.parts) {
    live(subject, { scenario, time, faults, documents, channels, collection, measures, tell });
  }
  const scheduler = schedule(
    time,
    () => renews(cast.nobody),
    (why) => violated(undefined, why),
  );
  const finish = endOf(scenario) + SETTLING;
  for (let day = 1; time.now() < finish; day += 1) {
    await time.runUntil(Math.min(finish, START + day * DAY));
    passed?.(day);
  }

  const conclude = ({ subject, collection, measures, feed }: Part): WatchResult => {
    const { problems, lost, orphans } = audit(subject, documents, collection, channels, feed);
    for (const problem of problems) violated(subject, problem);
    const measured = measures.results();
    if (measured.waiting > 0) violated(subject, `${String(measured.waiting)} edits never mirrored`);
    return {
      watch: subject.number,
      pushable: subject.pushable,
      lost,
      orphans,
      ...measured,
      changes: feed.count(),
      renumbered: feed.renumbered(),
    };
  };
  return {
    watches: cast.parts.map(conclude),
    violations,
    struck: faults.struck(),
    renewRuns: scheduler.runs(),
    deadLetters: deadLetters(),
  };
}
