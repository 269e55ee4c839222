import { HOUR, MINUTE } from '../scenario.ts';
import type { Implied, Span } from './knowledge.ts';

/** Compares the messages of a clock with what the mirror implied. Pure; times are Unix ms. */

/** The instance that publishes a message. */
export interface Publisher {
  /** The time by its own clock, or by that of Firestore if that is ahead. */
  readonly clock: number;
  /** When it has read the mirror lately. */
  readonly reads: readonly number[];
}

/** A message that Pub/Sub has accepted. */
export interface Published extends Publisher {
  readonly at: number;
  readonly late: boolean;
  /** When its event was last edited. */
  readonly editedAt: number;
}

export interface Evidence {
  /** By `momentKey`, as what was published. */
  readonly implied: ReadonlyMap<string, Implied>;
  readonly published: ReadonlyMap<string, readonly Published[]>;
  /** Spans in which moments were dropped, as logged. */
  readonly dropped: readonly { readonly from: number; readonly to: number }[];
  /** Returns how much of a time fell into lasting trouble, or the recovery from it, in ms. */
  readonly trouble: (from: number, to: number) => number;
  /** Returns what else may have delayed the clock in a time. */
  readonly delayedBy: (from: number, to: number) => 'fault' | 'clock' | undefined;
}

/** The figures of a watch's clock. */
export interface ClockFigures {
  /** Moments published, each counted once. */
  readonly published: number;
  readonly copies: number;
  readonly missing: number;
  readonly lateInTrouble: number;
  readonly lateAfterFaults: number;
  /** While the clock of an instance was wrong. */
  readonly lateByClocks: number;
  readonly late: number;
  /** Learned too late to be published in time. */
  readonly learnedLate: number;
  /** Published although the mirror knew better, such as of an occurrence that was moved or cancelled. */
  readonly wrong: number;
  readonly early: number;
  /** Of a time that had passed when the event was moved to it. */
  readonly needless: number;
  /** Owed, but dropped after an hour, and logged. */
  readonly dropped: number;
}

export const NO_FIGURES = {
  published: 0,
  copies: 0,
  missing: 0,
  lateInTrouble: 0,
  lateAfterFaults: 0,
  lateByClocks: 0,
  late: 0,
  learnedLate: 0,
  wrong: 0,
  early: 0,
  needless: 0,
  dropped: 0,
};

const NAMES = [
  'published',
  'copies',
  'missing',
  'lateInTrouble',
  'lateAfterFaults',
  'lateByClocks',
  'late',
  'learnedLate',
  'wrong',
  'early',
  'needless',
  'dropped',
] as const satisfies readonly (keyof ClockFigures)[];

/** Returns the sum of two watches' figures. */
export function sumOf(one: ClockFigures, other: ClockFigures): ClockFigures {
  const sum = { ...NO_FIGURES };
  for (const name of NAMES) sum[name] = one[name] + other[name];
  return sum;
}

/** The most that a moment may be published before it is due, by the clock of the publisher. */
const MOST_EARLY = 90_000;
/** How long it may take from reading the mirror until the last message of the step is accepted, and to act on a commit. */
const STEP = 20_000;
/** What is older is dropped. */
const LATEST = HOUR;
/** How long before a moment is due a fault may delay it. */
const LEAD = 4 * MINUTE;
/** After a single fault, or by a wrong clock, a moment is published this long after it was due at the latest. */
const MOST_DELAY = 5 * MINUTE;

const holds = ({ from, to }: Span, at: number): boolean => from <= at && at <= to;

type Verdict = keyof ClockFigures | undefined;

/** Judges one message. */
function judgeMessage(moment: Implied | undefined, { at, clock, reads, late, editedAt }: Published): Verdict {
  if (moment === undefined) return 'wrong';
  const { dueAt, spans } = moment;
  const isKnown = reads.some((read) => at - read <= STEP && spans.some((span) => holds(span, read)));
  if (!isKnown) return 'wrong';
  if (clock < dueAt - MOST_EARLY) return 'early';
  // What is late says so, and what is not does not.
  if (Math.abs(clock - dueAt) > STEP && late !== clock > dueAt) return 'wrong';
  if (clock > dueAt + LATEST + STEP) return 'wrong';
  return editedAt > dueAt && at > dueAt && !spans.some((span) => holds(span, dueAt)) ? 'needless' : undefined;
}

/** Judges the first message of a moment that was owed in `span`. */
function judgeDelay({ trouble, delayedBy }: Evidence, { dueAt }: Implied, span: Span, at: number): Verdict {
  if (at <= dueAt) return undefined;
  const lateSince = Math.max(dueAt, span.from);
  if (trouble(dueAt - LEAD, at) > 0) return 'lateInTrouble';
  if (span.from > dueAt - STEP && at <= lateSince + STEP) return 'learnedLate';
  const cause = at <= lateSince + MOST_DELAY ? delayedBy(dueAt - LEAD, at) : undefined;
  return cause === undefined ? 'late' : cause === 'clock' ? 'lateByClocks' : 'lateAfterFaults';
}

/** Judges a moment that was owed in `span`, and never published. */
function judgeSilence(evidence: Evidence, { dueAt }: Implied, span: Span): Verdict {
  const { trouble, delayedBy, dropped } = evidence;
  const until = Math.min(span.to, dueAt + LATEST);
  const isDropped = dropped.some(({ from, to }) => from <= dueAt && dueAt <= to);
  const isHindered = trouble(dueAt - LEAD, until) > 0;
  // An edit of a clock that no function could notice in time: it takes effect with the end of the trouble.
  const noticeable = dueAt - span.from - trouble(span.from, dueAt);
  if (isHindered && !isDropped && noticeable < STEP) return undefined;
  if (isDropped) return isHindered ? 'dropped' : 'missing';
  // What ends an outage may also end the moment, before it could be published or dropped.
  if (isHindered && (span.to <= dueAt + LATEST || span.to - dueAt - trouble(dueAt, span.to) < STEP))
    return undefined;
  if (until - Math.max(dueAt, span.from) < STEP && span.from > dueAt - STEP) return undefined;
  if (delayedBy(dueAt - LEAD, until) !== undefined && until - dueAt < MOST_DELAY) return undefined;
  return 'missing';
}

const time = (at: number): string => new Date(at).toISOString();

function describe(moment: Implied | undefined): string {
  if (moment === undefined) return 'never implied';
  const spans = moment.spans.map(({ service, from, to }) => `${service} ${time(from)}–${time(to)}`);
  return `due ${time(moment.dueAt)}, implied ${spans.join(', ')}`;
}

/** Returns the figures, and what is wrong, a sentence each. */
export function judge(evidence: Evidence): {
  readonly figures: ClockFigures;
  readonly problems: readonly string[];
} {
  const figures = { ...NO_FIGURES };
  const problems: string[] = [];
  const note = (verdict: Verdict, id: string, details: string): void => {
    if (verdict === undefined) return;
    figures[verdict] += 1;
    if (['missing', 'late', 'wrong', 'early'].includes(verdict))
      problems.push(`${id} is ${verdict}: ${details}`);
  };
  for (const [id, messages] of evidence.published) {
    figures.published += 1;
    figures.copies += messages.length - 1;
    const moment = evidence.implied.get(id);
    for (const message of messages)
      note(judgeMessage(moment, message), id, `published ${time(message.at)}, ${describe(moment)}`);
  }
  for (const [id, moment] of evidence.implied) {
    const span = moment.spans.find((each) => each.service === 'owed' && holds(each, moment.dueAt));
    if (span === undefined) continue;
    const first = evidence.published.get(id)?.[0]?.at;
    if (first === undefined) note(judgeSilence(evidence, moment, span), id, describe(moment));
    else note(judgeDelay(evidence, moment, span, first), id, `published ${time(first)}, ${describe(moment)}`);
  }
  return { figures, problems };
}
