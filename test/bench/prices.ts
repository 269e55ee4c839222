/**
 * What calls cost in US dollars, at Google's list prices without the free tier. What the functions call is counted (`cost.ts`); how long
 * their instances run is estimated here, as it cannot be measured outside Google Cloud.
 */
import { PAGES_AT_ONCE as CONCURRENCY } from '../../functions/sync/create.ts';
import type { Bill } from '../support/firestore-bill.ts';

/** Prices of one: Firestore and Cloud Run in us-central1; Pub/Sub per TiB, with at least 1 KB a message. */
const PRICE = {
  read: 0.03 / 100_000,
  write: 0.09 / 100_000,
  delete: 0.01 / 100_000,
  /** Published once and delivered once. */
  message: (2 * 1_000 * 40) / 2 ** 40,
  request: 0.4 / 1e6,
  vcpuSecond: 0.000024,
  gibSecond: 0.0000025,
  /** Of Cloud Scheduler, a month. */
  job: 0.1,
} as const;

/** GiB of each function's instances, which have one vCPU. */
const GIB = { receive: 0.25, sync: 0.5, renew: 0.5 } as const;

/** Estimates, in seconds: a list call takes some 200 ms, a call of Firestore or Pub/Sub some 20 ms, and a sync itself as long. */
export const CALL_SECONDS = { list: 0.2, other: 0.02 } as const;
const OWN_SECONDS = { receive: 0.01, sync: 0.02 } as const;

/** The part of the concurrency that Cloud Run fills on average before it adds an instance. */
const FILLED = 0.6;

/** Billed time is a multiple of this, in seconds. */
const UNIT = 0.1;

const roundedUp = (seconds: number): number => Math.ceil(seconds / UNIT - 1e-9) * UNIT;

/** Returns how likely more than `count` requests run at once where `mean` do on average, if they arrive independently. */
export function probabilityOfMore(mean: number, count: number): number {
  let [term, sum] = [Math.exp(-mean), 0];
  for (let number = 0; number <= count; number += 1) {
    sum += term;
    term *= mean / (number + 1);
  }
  return Math.max(0, 1 - sum);
}

/**
 * Returns the seconds billed for each request where one of `seconds` arrives `perSecond` times a second, independently. An instance is
 * billed while at least one request runs in it, and serves `concurrency` at most.
 */
export function billedSeconds(perSecond: number, seconds: number, concurrency: number): number {
  const mean = perSecond * seconds;
  let instances = 0;
  for (let full = 0; full <= mean * 10 + 1; full += 1)
    instances += probabilityOfMore(mean, full * concurrency);
  const busy = Math.max(instances, mean / (FILLED * concurrency)) / perSecond;
  // What a request that runs alone is rounded up by.
  return busy + Math.exp(-mean) * (roundedUp(seconds) - seconds);
}

/** Returns the seconds billed for each of the requests of `seconds` that arrive together, `mean` on average, in one instance. */
export function billedTogether(mean: number, seconds: number, concurrency: number): number {
  let [probability, billed] = [Math.exp(-mean), 0];
  for (let number = 0; number <= mean * 10 + 20; number += 1) {
    billed += probability * roundedUp(Math.ceil(number / concurrency) * seconds);
    probability *= mean / (number + 1);
  }
  return billed / mean;
}

const instance = (name: keyof typeof GIB, seconds: number): number =>
  seconds * (PRICE.vcpuSecond + GIB[name] * PRICE.gibSecond);

const documents = ({ reads, writes, deletes }: Bill): number =>
  reads * PRICE.read + writes * PRICE.write + deletes * PRICE.delete;

/** Calls that were counted. */
export interface Counted extends Bill {
  /** Calls to Google Calendar. */
  readonly calls: number;
  readonly published: number;
}

/** Calls of Firestore and Pub/Sub that follow each other while a change is synced, a poll finds nothing, and a clock runs. */
const IN_A_ROW = { change: 5, poll: 2, clock: 4 } as const;

/** How long a request runs, in seconds. */
const SECONDS = {
  receive: CALL_SECONDS.other + OWN_SECONDS.receive,
  change: CALL_SECONDS.list + IN_A_ROW.change * CALL_SECONDS.other + OWN_SECONDS.sync,
  poll: CALL_SECONDS.list + IN_A_ROW.poll * CALL_SECONDS.other + OWN_SECONDS.sync,
  clock: IN_A_ROW.clock * CALL_SECONDS.other + OWN_SECONDS.sync,
} as const;

const RECEIVE_CONCURRENCY = 80;

/** Seconds of a month in which people edit calendars: 22 days of 8 hours. */
const WORKING_SECONDS = 22 * 8 * 3600;

/** How many syncs run at once on average in working hours, where calendars have so many changes a month. */
export const atOnce = (changesAMonth: number): number => (changesAMonth / WORKING_SECONDS) * SECONDS.change;

/** Returns the cost of a change: receive and sync run once each, and publish the notification and the change. */
export function changeDollars(change: Counted, changesAMonth: number): number {
  const perSecond = changesAMonth / WORKING_SECONDS;
  return (
    documents(change) +
    (1 + change.published) * PRICE.message +
    2 * PRICE.request +
    instance('receive', billedSeconds(perSecond, SECONDS.receive, RECEIVE_CONCURRENCY)) +
    instance('sync', billedSeconds(perSecond, SECONDS.change, CONCURRENCY))
  );
}

const DAYS = 30;
/** Polls of a watch a month: `MAX_STALENESS_SECONDS` of six hours, less what the jitter and the rounding take. */
export const POLLS = (DAYS * 24) / (6 * (0.95 - 1 / 120));
/** Moments of a month at which polls begin together: every six minutes. */
const POLL_MOMENTS = DAYS * 24 * 10;
/** Renewals of a channel a month: `CHANNEL_TTL_SECONDS`, less 2.5 % jitter, less `RENEW_BEFORE_SECONDS`. */
export const RENEWALS = DAYS / (7 * 0.975 - 1);

/** What was counted for a watch that has no changes. */
export interface IdleCounts {
  /** A poll: what sync does. */
  readonly poll: Counted;
  /** A poll: what renew does, the message included. */
  readonly renewPoll: Counted;
  /** A look at whether a channel is still in use, once a day. */
  readonly channelCheck: Counted;
  /** The replacement of a channel. The poll that follows it counts as one of the others. */
  readonly renewal: Counted;
}

/** Returns the parts of a month's cost of one of so many watches without changes. */
export function idleDollars(counts: IdleCounts, watches: number): Readonly<Record<string, number>> {
  const together = (watches * POLLS) / POLL_MOMENTS;
  return {
    documents:
      POLLS * (documents(counts.poll) + documents(counts.renewPoll)) +
      DAYS * documents(counts.channelCheck) +
      RENEWALS * documents(counts.renewal),
    'messages and requests':
      POLLS * (counts.renewPoll.published * PRICE.message + PRICE.request) +
      RENEWALS * counts.renewal.published * PRICE.message,
    'instance time (estimated)':
      POLLS * instance('sync', billedTogether(together, SECONDS.poll, CONCURRENCY)),
  };
}

/** What was counted for a watch that is due for its clock. */
export interface ClockCounts {
  /** What renew does, the message to sync included. */
  readonly renew: Counted;
  /** What sync does, the moments that it publishes included. */
  readonly step: Counted;
}

/** Returns the cost of one run of a watch's clock, in an instance of its own. */
export const clockDollars = ({ renew, step }: ClockCounts): number =>
  documents(renew) +
  documents(step) +
  (renew.published + step.published) * PRICE.message +
  PRICE.request +
  instance('sync', roundedUp(SECONDS.clock));

/** Returns the month's cost of a deployment without watches: the job, and a run of renew every minute that finds nothing. */
export const standingDollars = (run: Bill): number =>
  PRICE.job + DAYS * 24 * 60 * (documents(run) + PRICE.request + instance('renew', UNIT));

/** Returns the cost of a poll that keeps its token in one document: one read, one write, one run. */
export const naivePollDollars = (): number =>
  PRICE.read + PRICE.write + PRICE.request + instance('sync', roundedUp(SECONDS.poll));
