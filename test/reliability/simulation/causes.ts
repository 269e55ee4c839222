import { between, exponential, streamOf } from './random.ts';
import { DAY, endOf, HOUR, MINUTE, RATES, START, type FaultKind, type Scenario } from './scenario.ts';
import type { Subject } from './subject.ts';
import type { Timeline } from './timeline.ts';

/** Lasting trouble: a service is out, a user has no access, or a quota is used up. Times are Unix ms. */

const SERVICES = ['calendar', 'firestore', 'pubsub'] as const;
export type Service = (typeof SERVICES)[number];

/** `access` lasts until a user acts; `passing` ends by itself. */
export const KINDS = ['access', 'passing'] as const;
export type Kind = (typeof KINDS)[number];

interface Cause {
  readonly kind: Kind;
  readonly from: number;
  readonly to: number;
}

interface Refusal extends Cause {
  readonly status: 403 | 404;
}

/** The longest time that recovery may take: from the end of the trouble until a watch is synced and has a channel. */
export const RECOVERY = { passing: 75 * MINUTE, access: 7.5 * HOUR } as const satisfies Record<Kind, number>;

export interface Causes {
  readonly isOut: (service: Service) => boolean;
  /** The status with which Google Calendar rejects the watch's user at this time. */
  readonly rejection: (subject: Subject) => 403 | 404 | undefined;
  readonly isOverQuota: (subject: Subject) => boolean;
  /** Returns the trouble that affects the watch now, or did since `from`. */
  readonly since: (subject: Subject, from: number) => readonly Cause[];
  /** Returns how much of the time from `from` to `to` is excused, in ms: trouble, and the time after it that recovery may take. */
  readonly excused: (subject: Subject, from: number, to: number) => number;
}

const LONGEST_OUTAGE = DAY;
const LONGEST_REFUSAL = 5 * DAY;
/** Most are short. */
const SKEW = 4;

function total(causes: readonly Cause[], from: number, to: number): number {
  // Causes may overlap: covered time counts once.
  let covered = 0;
  let upTo = from;
  for (const cause of causes.toSorted((a, b) => a.from - b.from)) {
    const [begin, end] = [Math.max(cause.from, upTo), Math.min(cause.to + RECOVERY[cause.kind], to)];
    if (end > begin) {
      covered += end - begin;
      upTo = end;
    }
  }
  return covered;
}

export function createCauses(
  scenario: Scenario,
  time: Timeline,
  {
    label,
    strikes,
  }: {
    readonly label: (kind: FaultKind, of: string | number) => string | undefined;
    readonly strikes: (subject: Subject, kind: FaultKind) => boolean;
  },
): Causes {
  const { seed, without } = scenario;
  const end = endOf(scenario);

  /** Generates windows of trouble that come about by themselves. */
  function* windows(kind: FaultKind, of: string | number, longest: number): Generator<Omit<Cause, 'kind'>> {
    if (without?.has(kind) === true) return;
    const random = streamOf(seed, of, kind);
    for (let at = START; ;) {
      at += exponential(random, DAY / RATES[kind]);
      const length = between(random, 0, 1) ** SKEW * longest;
      if (at + length >= end) return;
      if (label(kind, of) !== undefined) yield { from: at, to: at + length };
      at += length;
    }
  }

  const outages = new Map(
    SERVICES.map((service) => [
      service,
      Array.from(windows('outage', service, LONGEST_OUTAGE), (each): Cause => ({ kind: 'passing', ...each })),
    ]),
  );
  const ofAll = [...outages.values()].flat();
  const refusals = new Map<number, readonly Refusal[]>();
  const refusalsOf = (subject: Subject): readonly Refusal[] => {
    const known = refusals.get(subject.number);
    if (known !== undefined) return known;
    const made = Array.from(windows('accessLost', subject.number, LONGEST_REFUSAL), (each, index) => ({
      kind: 'access' as const,
      ...each,
      status: index % 2 === 0 ? (403 as const) : (404 as const),
    }));
    refusals.set(subject.number, made);
    return made;
  };
  const quotas = new Map<number, Cause[]>();
  const quotasOf = (subject: Subject): Cause[] => {
    const known = quotas.get(subject.number) ?? [];
    quotas.set(subject.number, known);
    return known;
  };
  const holds = ({ from, to }: Cause): boolean => from <= time.now() && time.now() < to;
  const allOf = (subject: Subject): readonly Cause[] => [
    ...ofAll,
    ...refusalsOf(subject),
    ...quotasOf(subject),
  ];

  return {
    isOut: (service) => outages.get(service)?.some(holds) === true,
    rejection: (subject) => refusalsOf(subject).find(holds)?.status,
    isOverQuota: (subject) => {
      const mine = quotasOf(subject);
      if (strikes(subject, 'quotaForLong')) {
        const length = between(subject.dice('quota'), MINUTE, 30 * MINUTE);
        mine.push({ kind: 'passing', from: time.now(), to: time.now() + length });
      }
      return mine.some(holds);
    },
    since: (subject, from) => allOf(subject).filter((each) => each.from <= time.now() && each.to > from),
    excused: (subject, from, to) => total(allOf(subject), from, to),
  };
}
