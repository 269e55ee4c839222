import { between, exponential, streamOf } from './random.ts';
import { DAY, endOf, HOUR, RATES, START, type FaultKind, type Scenario } from './scenario.ts';
import type { Subject } from './subject.ts';
import type { Timeline } from './timeline.ts';

/** What goes wrong, and when. */

const SERVICES = ['calendar', 'firestore', 'pubsub'] as const;
export type Service = (typeof SERVICES)[number];

/** A time in which something does not work. Unix ms. */
interface Window {
  readonly from: number;
  readonly to: number;
}

interface Refusal extends Window {
  readonly status: 403 | 404;
}

export interface Faults {
  /** Whether a fault strikes here. */
  readonly strikes: (subject: Subject, kind: FaultKind) => boolean;
  readonly isOut: (service: Service) => boolean;
  /** How Google Calendar refuses the watch's user just now. */
  readonly refusal: (subject: Subject) => 403 | 404 | undefined;
  /** Whether an act of people's is left out of this history. */
  readonly isSpared: (subject: Subject, act: 'edit' | 'wish') => boolean;
  /**
   * How much of the time from `from` to `to` a service was out or the user had no access, in ms; and the time after it, in
   * which what failed for long is tried again at long intervals only.
   */
  readonly excused: (subject: Subject, from: number, to: number) => number;
  /** The labels of all that struck. */
  readonly struck: () => readonly string[];
}

type Tell = (subject: Subject | undefined, text: string) => void;

const LONGEST_OUTAGE = 6 * HOUR;
const LONGEST_REFUSAL = 36 * HOUR;
/** The longest of the growing intervals, with its jitter (see `functions/backoff.ts`). */
const LONGEST_WAIT = 7.5 * HOUR;

/** With doubling intervals the wait under way when trouble ends is as long as the trouble was, or little more. */
const aftermath = ({ from, to }: Window): number => to + Math.min(LONGEST_WAIT, 1.5 * (to - from) + 60_000);

function total(windows: readonly Window[], from: number, to: number): number {
  // Windows may overlap, of different services: what is covered counts once.
  let covered = 0;
  let upTo = from;
  for (const window of windows) {
    const [begin, end] = [Math.max(window.from, upTo), Math.min(aftermath(window), to)];
    if (end > begin) {
      covered += end - begin;
      upTo = end;
    }
  }
  return covered;
}

export function createFaults(scenario: Scenario, time: Timeline, tell: Tell): Faults {
  const { seed, without, spared } = scenario;
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

  /** Times at which a fault of this kind comes about by itself. */
  function* windows(kind: FaultKind, of: string | number, longest: number): Generator<Window> {
    if (without?.has(kind) === true) return;
    const random = streamOf(seed, of, kind);
    for (let at = START; ;) {
      at += exponential(random, DAY / RATES[kind]);
      const length = between(random, 0, 1) ** 2 * longest;
      if (at + length >= end) return;
      if (label(kind, of) !== undefined) yield { from: at, to: at + length };
      at += length;
    }
  }

  const outages = new Map(SERVICES.map((each) => [each, [...windows('outage', each, LONGEST_OUTAGE)]]));
  const all = [...outages.values()].flat().toSorted((a, b) => a.from - b.from);
  const refusals = new Map<number, readonly Refusal[]>();
  const refusalsOf = (subject: Subject): readonly Refusal[] => {
    const known = refusals.get(subject.number);
    if (known !== undefined) return known;
    const made = Array.from(windows('accessLost', subject.number, LONGEST_REFUSAL), (window, index) => ({
      ...window,
      status: index % 2 === 0 ? (403 as const) : (404 as const),
    }));
    refusals.set(subject.number, made);
    return made;
  };
  const holds = ({ from, to }: Window): boolean => from <= time.now() && time.now() < to;

  return {
    strikes: (subject, kind) => {
      if (subject.dice(kind)() >= RATES[kind] || time.now() >= end || without?.has(kind) === true)
        return false;
      const name = label(kind, subject.number);
      if (name === undefined) return false;
      tell(subject, `fault: ${name}`);
      return true;
    },
    isOut: (service) => outages.get(service)?.some(holds) === true,
    refusal: (subject) => refusalsOf(subject).find(holds)?.status,
    excused: (subject, from, to) =>
      total(
        [...all, ...refusalsOf(subject)].toSorted((a, b) => a.from - b.from),
        from,
        to,
      ),
    isSpared: (subject, act) => label(act, subject.number) === undefined,
    struck: () => struck,
  };
}
