/** Everything that a run depends on. */

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** `RECONCILE_SECONDS` in ms: shorter than the default, so that short runs reconcile too. */
export const RECONCILE = 5 * DAY;

/** When virtual time starts. Unix ms. */
export const START = Date.UTC(2026, 0, 5);

/** How long nothing fails and nothing is edited after the last day; then everything must be in order. In ms. */
export const SETTLING = 2 * DAY;

/** The probability of each fault: per notification, channel, list, call or delivery, as its name says. */
export const RATES = {
  notificationLost: 0.02,
  notificationTwice: 0.03,
  notificationLate: 0.02,
  receiveFails: 0.002,
  channelDies: 0.15,
  watchRejected: 0.02,
  syncTokenDies: 0.003,
  pageTokenDies: 0.03,
  listLags: 0.01,
  /** Per edit. */
  changeWithheld: 0.04,
  quota: 0.003,
  quotaForLong: 0.0003,
  serverError: 0.003,
  calendarAnswerLost: 0.003,
  firestoreUnavailable: 0.0005,
  firestoreAnswerLost: 0.0005,
  publishFails: 0.001,
  publishAnswerLost: 0.001,
  publishedTwice: 0.002,
  deliveredTwice: 0.01,
  deliveredAgain: 0.01,
  processDies: 0.0003,
  processEnds: 0.0003,
  /** Per instance: its clock is up to a minute wrong, not a second. */
  clockWrong: 0.2,
  /** Per watch and day. */
  accessLost: 0.01,
  /** Per service and day. */
  outage: 0.08,
} as const;
export type FaultKind = keyof typeof RATES;

/** Defects that are seeded on purpose, to show that the simulation finds them. */
export const SABOTAGES = [
  'ignoreVersion',
  'dropChange',
  'forgetToStop',
  'skipPolls',
  'waitLonger',
  'forgetEpochs',
  'neverReconcile',
  'forgetStates',
  'forgetMoments',
  'lateClock',
  'earlyClock',
  'staleAgenda',
  'newMomentIds',
  'dropSilently',
] as const;
export type Sabotage = (typeof SABOTAGES)[number];

export interface Scenario {
  readonly seed: number;
  readonly days: number;
  /** Numbers of the watches: each has its own calendar, edits and faults. */
  readonly watches: readonly number[];
  /** Kinds of faults that do not strike. */
  readonly without?: ReadonlySet<FaultKind>;
  /** Labels of single faults that do not strike, and of edits that are not made. */
  readonly spared?: ReadonlySet<string>;
  readonly sabotage?: Sabotage | undefined;
}

/** Returns when faults and edits end. Unix ms. */
export const endOf = ({ days }: Scenario): number => START + days * DAY;

/** How long a withheld change may take to be mirrored, in ms: a reconciliation, and a day for the poll that begins it. */
export const WITHHELD = RECONCILE + DAY;

/** Returns until when changes may be withheld, so that a full sync finds them before the audit. Unix ms. */
export const lastWithheld = (scenario: Scenario): number => endOf(scenario) + SETTLING - WITHHELD;
