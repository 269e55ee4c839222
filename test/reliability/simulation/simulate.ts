import { loadEventFields } from '../../../functions/sync/event-fields.ts';
import { audit, type Violation } from './audit.ts';
import { createActors, type Part } from './actors.ts';
import { NO_FIGURES, type ClockFigures } from './clock/judge.ts';
import { createFaults } from './faults.ts';
import type { Measured } from './measures.ts';
import { startUsers } from './users.ts';
import { schedule } from './scheduler.ts';
import { DAY, endOf, SETTLING, START, type Scenario } from './scenario.ts';
import type { Subject } from './subject.ts';
import { createTimeline } from './timeline.ts';
import { createWorld } from './world.ts';

/** One run: some watches, some days, and everything that goes wrong in them. */

export interface WatchResult extends Measured {
  readonly watch: number;
  readonly pushable: boolean;
  readonly lost: number;
  readonly orphans: number;
  readonly changes: number;
  readonly renumbered: number;
  readonly clock: ClockFigures;
}

export interface Result {
  readonly watches: readonly WatchResult[];
  readonly violations: readonly Violation[];
  /** The labels of the faults that struck, and of what users did. */
  readonly struck: readonly string[];
  readonly renewRuns: number;
  readonly deadLetters: number;
}

interface Observer {
  /** Called with everything that happens, in order; `at` is Unix ms. */
  readonly onEvent?: (at: number, watch: number | undefined, text: string) => void;
  /** Called every day with the number of days that have passed. */
  readonly onDay?: (day: number) => void;
}

/** Loads what sync loads lazily: no virtual time passes while a file is read, so the run would be over before. */
async function loadAll(): Promise<void> {
  await loadEventFields([{ id: 'any', recurrence: ['RRULE:FREQ=DAILY'] }], undefined);
  await import('../../../functions/sync/clock-step.ts');
}

/** Runs a scenario. Equal scenarios have equal results. */
export async function simulate(scenario: Scenario, { onEvent, onDay }: Observer = {}): Promise<Result> {
  await loadAll();
  const time = createTimeline(START);
  const trace = (subject: Subject | undefined, text: string): void =>
    onEvent?.(time.now(), subject?.number, text);
  const violations: Violation[] = [];
  const violated = (subject: Subject | undefined, what: string): void => {
    violations.push({ watch: subject?.number, what });
    trace(subject, `VIOLATION: ${what}`);
  };
  const faults = createFaults(scenario, time, trace);
  const actors = createActors(scenario, time, faults);
  const traced = onEvent !== undefined;
  const { documents, channels, renews, deadLetters } = createWorld({
    scenario,
    time,
    faults,
    actors,
    trace,
    violated,
    traced,
  });

  for (const part of actors.parts) startUsers(part, { scenario, time, faults, documents, channels, trace });
  const scheduler = schedule(
    time,
    () => renews(actors.noSubject),
    (why) => violated(undefined, why),
  );
  const finish = endOf(scenario) + SETTLING;
  for (let day = 1; time.now() < finish; day += 1) {
    await time.runUntil(Math.min(finish, START + day * DAY));
    onDay?.(day);
  }

  const conclude = (part: Part): WatchResult => {
    const { subject, measures, feed } = part;
    const { problems, lost, orphans } = audit(part, documents, channels);
    for (const problem of problems) violated(subject, problem);
    const clock = part.clock?.results(subject, time.now()) ?? { figures: NO_FIGURES, problems: [] };
    for (const problem of clock.problems) violated(subject, problem);
    const measured = measures.results();
    if (measured.waiting > 0) violated(subject, `${String(measured.waiting)} edits never mirrored`);
    if (measured.withheldEdits > 0)
      violated(subject, `no full sync since ${String(measured.withheldEdits)} edits were withheld`);
    return {
      watch: subject.number,
      pushable: subject.pushable,
      lost,
      orphans,
      ...measured,
      clock: clock.figures,
      changes: feed.count(),
      renumbered: feed.renumbered(),
    };
  };
  return {
    watches: actors.parts.map(conclude),
    violations,
    struck: faults.struck(),
    renewRuns: scheduler.runs(),
    deadLetters: deadLetters(),
  };
}
