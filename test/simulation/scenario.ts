/** What is simulated: all that a run depends on. */

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** When virtual time begins. Unix ms. */
export const START = Date.UTC(2026, 0, 5);

/** After the last day nothing fails and nobody edits for this long; then everything must be in order. */
export const SETTLING = 2 * DAY;

/** How likely each fault is, wherever it can strike: per notification, channel, list, call, delivery (see the name). */
export const RATES = {
  notificationLost: 0.02,
  notificationTwice: 0.03,
  notificationLate: 0.02,
  receiveFails: 0.002,
  channelDies: 0.15,
  watchRefused: 0.02,
  syncTokenDies: 0.003,
  pageTokenDies: 0.03,
  listLags: 0.01,
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
  /** Per watch and day. */
  accessLost: 0.01,
  /** Per service and day. */
  outage: 0.08,
} as const;
export type FaultKind = keyof typeof RATES;

/** Ways to break the program on purpose, to see that the simulation notices. */
export const SABOTAGES = ['ignoreVersion', 'dropChange', 'forgetToStop', 'skipPolls'] as const;
export type Sabotage = (typeof SABOTAGES)[number];

export interface Scenario {
  readonly seed: number;
  readonly days: number;
  /** Numbers of the watches: each has its own calendar, its own edits and its own faults. */
  readonly watches: readonly number[];
  /** Kinds of faults that do not strike. */
  readonly without?: ReadonlySet<FaultKind>;
  /** Single faults that do not strike, and edits that nobody makes, by label. */
  readonly spared?: ReadonlySet<string>;
  readonly sabotage?: Sabotage | undefined;
}

/** When faults and edits end. Unix ms. */
export const endOf = ({ days }: Scenario): number => START + days * DAY;
