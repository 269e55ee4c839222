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
  /** Notes that an instance whose clock is wrong works for a watch, or for all of them. */
  readonly noteWrongClock: (subject?: Subject) => void;
  /** Returns what may have delayed in this time what is done for a watch: a single fault, or a clock that is wrong. */
  readonly delayed: (subject: Subject, from: number, to: number) => 'fault' | 'clock' | undefined;
  /** Returns the labels of all faults that struck. */
  readonly struck: () => readonly string[];
}

/** These delay nothing that is done for a watch. */
const HARMLESS: ReadonlySet<FaultKind> = new Set<FaultKind>([
  'notificationLost',
  'notificationTwice',
  'notificationLate',
  'channelDies',
  'listLags',
  'changeWithheld',
  'publishedTwice',
  'deliveredTwice',
]);
/** An instance that dies takes with it what it does for other watches. */
const OF_ALL: ReadonlySet<FaultKind> = new Set<FaultKind>(['processDies', 'processEnds']);
/** Stands for all watches, and for what concerns none. */
const ALL = -1;

type Trace = (subject: Subject | undefined, text: string) => void;

/** Notes when something happened to a watch, or to all of them. */
function createNotes(time: Timeline) {
  const notes = new Map<number, number[]>();
  const had = (number: number, from: number, to: number): boolean => {
    const times = notes.get(number) ?? [];
    return (times[firstFrom(times, from)] ?? Infinity) <= to;
  };
  return {
    note: (number: number): void => {
      const times = notes.get(number) ?? [];
      notes.set(number, times);
      times.push(time.now());
    },
    has: (number: number, from: number, to: number): boolean => had(number, from, to) || had(ALL, from, to),
  };
}

/** Returns the index of the first of these ascending times that is not before `from`. */
function firstFrom(times: readonly number[], from: number): number {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? from) < from) low = middle + 1;
    else high = middle;
  }
  return low;
}

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

  const [delays, wrongClocks] = [createNotes(time), createNotes(time)];

  const strikes = (subject: Subject, kind: FaultKind): boolean => {
    if (subject.dice(kind)() >= RATES[kind] || time.now() >= end || without?.has(kind) === true) return false;
    const name = label(kind, subject.number);
    if (name === undefined) return false;
    trace(subject, `fault: ${name}`);
    if (!HARMLESS.has(kind)) delays.note(OF_ALL.has(kind) ? ALL : subject.number);
    return true;
  };

  return {
    ...createCauses(scenario, time, { label, strikes }),
    strikes,
    isSpared: (subject, act) => label(act, subject.number) === undefined,
    noteWrongClock: (subject) => wrongClocks.note(subject?.number ?? ALL),
    delayed: ({ number }, from, to) =>
      wrongClocks.has(number, from, to) ? 'clock' : delays.has(number, from, to) ? 'fault' : undefined,
    struck: () => struck,
  };
}
