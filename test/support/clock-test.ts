/** Watches with a clock on a cloud, whose messages on `calendar-clock` are collected. */
import { Timestamp } from '@google-cloud/firestore';
import { parseClockMessage, type ClockMessage } from '../../functions/feed/consumer.ts';
import { subscribeForNow } from '../../infra/cli/subscription.ts';
import { NAMES } from '../../infra/local/topics.ts';
import { cloudTest } from './cloud-test.ts';
import { eventsOf, fieldOf, untilStatus } from './watched-events.ts';
import type { Pipeline } from './pipeline.ts';

/** A message of `calendar-clock` as a consumer receives it. */
export interface ReceivedMoment extends ClockMessage {
  readonly attributes: Readonly<Record<string, string>>;
  readonly orderingKey: string;
}

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

/** Collects the messages of `calendar-clock` from now on. */
async function collect({ pubsub }: Pipeline) {
  const received: ReceivedMoment[] = [];
  const { end } = await subscribeForNow(pubsub, NAMES.clock, 'clock-test', '', {
    onMessage: ({ attributes, data, orderingKey }) => {
      const parsed = parseClockMessage(data);
      if (!parsed.ok) throw new Error(parsed.problem);
      received.push({ ...parsed.message, attributes, orderingKey });
    },
    onError: (error) => {
      throw error;
    },
  });
  return { received, end };
}

const timeOf = (at: number) => ({
  dateTime: new Date(at).toISOString().replace('.000Z', 'Z'),
  timeZone: 'UTC',
});

/** Returns the times of an event that starts in `startsIn` ms and lasts for `lasts` ms, to the second. */
export function timesIn(startsIn: number, lasts = HOUR) {
  const start = Math.ceil((Date.now() + startsIn) / 1000) * 1000;
  return { start: timeOf(start), end: timeOf(start + lasts) };
}

/** Watches of users' primary calendars, with clocks. */
function clocksOf(cloud: Pipeline, received: readonly ReceivedMoment[]) {
  /** Returns the moments of a watch, each once. */
  const momentsOf = (watch: string): readonly ReceivedMoment[] => [
    ...new Map(
      received
        .filter(({ watchId }) => watchId === watch)
        .map((each) => [each.attributes['ce-id'] ?? '', each]),
    ).values(),
  ];
  const clockRuns = (watch: string) =>
    cloud.logs.filter(({ message, fields }) => message === 'moments published' && fields['watch'] === watch);
  const write = (watch: string, fields: Readonly<Record<string, unknown>>) =>
    cloud.firestore.doc(`watches/${watch}`).update(fields);
  return {
    received,
    momentsOf,
    clockRuns,
    write,
    /** Returns the moments of a watch in words, in alphabetical order. */
    told: (watch: string): readonly string[] =>
      momentsOf(watch)
        .map(
          ({ event, moment, late }) => `${String(event['summary'])} ${moment}${late === true ? ' late' : ''}`,
        )
        .toSorted(),
    /** Registers an active watch of a user's primary calendar, and waits until its clock has run. */
    watched: async (user: string, clock: unknown, more: object = {}) => {
      const watch = await cloud.register({ ...eventsOf(user), clock, ...more });
      await untilStatus(cloud, watch, { state: 'active', clock: {} });
      await cloud.processed(watch);
      await untilStatus(cloud, watch, { checkAt: {} });
      return watch;
    },
    /** Makes the clock of a watch appear to have last run `ago` ms ago, and to be due since. */
    moveBack: async (watch: string, ago: number) => {
      const until = Date.now() - ago;
      await write(watch, {
        'status.clock.until': Timestamp.fromMillis(until),
        'status.clock.nextAt': Timestamp.fromMillis(until),
        nextDueAt: Timestamp.fromMillis(until - 90_000),
      });
    },
    nextDueAt: async (watch: string): Promise<number> => {
      const at = await fieldOf(cloud, watch, 'nextDueAt');
      return at instanceof Timestamp ? at.toMillis() : Number.NaN;
    },
  };
}

/** Returns the test of a cloud, with the messages of `calendar-clock`. */
export const clockTest = () =>
  cloudTest().extend('clocks', { scope: 'file' }, async ({ cloud }, { onCleanup }) => {
    const { received, end } = await collect(cloud);
    onCleanup(end);
    return clocksOf(cloud, received);
  });
