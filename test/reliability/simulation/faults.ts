import { createCauses, type Causes } from './causes.ts';
import { endOf, RATES, type FaultKind, type Scenario } from './scenario.ts';
import type { Subject } from './subject.ts';
import type { Timeline } from './timeline.ts';

/** What goes wrong, and when. */

export interface Faults extends Causes {
  /** Decides whether a fault strikes here. */
  readonly strikes: (subject: Subject, kind: FaultKind) => boolean;
  /** Returns whether this act of a user is left out of the history. */
  readonly isSpared: (subject: Subject, act: 'edit' | 'spec' | 'zone') => boolean;
  /** Returns the labels of all faults that struck. */
  readonly struck: () => readonly string[];
}

type Trace = (subject: Subject | undefined, text: string) => void;

export function createFaults(scenario: Scenario, time: Timeline, trace: Trace): Faults {
  const { without, spared } = scenario;
  const end = endOf(scenario);
  const counts = new Map<string, number>();
  const struck: string[] = [];

  const label = (kind: string, of: string | number): string | undefined => {
    const key = `${kind}/${String(of)}`;
    const number = (counts.get(key) ?? 0) + 1;
    counts.set(key, number);
    const name = `${key}/${String(number)}`;
    if (spared?.has(name) === true) return undefined;
    struck.push(name);
    return name;
  };

  const strikes = (subject: Subject, kind: FaultKind): boolean => {
    if (subject.dice(kind)() >= RATES[kind] || time.now() >= end || without?.has(kind) === true) return false;
    const name = label(kind, subject.number);
    if (name === undefined) return false;
    trace(subject, `fault: ${name}`);
    return true;
  };

  return {
    ...createCauses(scenario, time, { label, strikes }),
    strikes,
    isSpared: (subject, act) => label(act, subject.number) === undefined,
    struck: () => struck,
  };
}
