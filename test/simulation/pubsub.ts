import type { OutgoingMessage } from '../../functions/feed/envelope.ts';
import type { Publish } from '../../functions/feed/publisher.ts';
import type { Faults } from './faults.ts';
import { Injected, type Call, type Instance, type Manners } from './processes.ts';
import { between } from './random.ts';
import { MINUTE } from './scenario.ts';
import type { Subject } from './subject.ts';
import type { Timeline } from './timeline.ts';

/** Pub/Sub in memory: ordered by key, at least once, redelivered with backoff, and sometimes after success. */

interface Delivery {
  readonly message: OutgoingMessage;
  readonly subject: Subject;
  readonly publishedAt: number;
  attempts: number;
}

/** What is under way of one ordering key. */
interface Lane {
  readonly waiting: Delivery[];
  /** The latest that were acknowledged: when one of them is delivered again, so is everything after it. */
  readonly done: Delivery[];
  busy: boolean;
}

/** As the deployment has it: seconds that a push may take, redelivery, and the end of all patience. */
const ACK_DEADLINE = MINUTE;
const BACKOFF = { least: 1000, most: MINUTE };
const MOST_ATTEMPTS = 20;
const KEPT = 4;

export interface Subscription {
  readonly time: Timeline;
  readonly faults: Faults;
  /** Pushes to a function; resolves with whether that answered success, and never when it died without a word. */
  readonly push: (subject: Subject, message: OutgoingMessage, publishedAt: number) => Promise<boolean>;
  readonly deadLetter: (subject: Subject, message: OutgoingMessage) => void;
}

/** A topic with one push subscription, ordered by the watch. `offset`: how far Pub/Sub's clock is from true time. */
export function createTopic({ time, faults, push, deadLetter }: Subscription, offset: number) {
  const lanes = new Map<string, Lane>();

  const acknowledge = (lane: Lane, delivery: Delivery): void => {
    lane.waiting.shift();
    lane.done.push(delivery);
    if (lane.done.length > KEPT) lane.done.shift();
    if (!faults.strikes(delivery.subject, 'deliveredAgain')) return;
    time.after(delivery.subject.dice('pubsub')() * 10 * MINUTE, () => {
      const from = lane.done.indexOf(delivery);
      if (from < 0) return;
      const again = lane.done.splice(from).map((each) => ({ ...each, attempts: 0 }));
      lane.waiting.splice(lane.busy ? 1 : 0, 0, ...again);
      next(lane);
    });
  };

  const attempt = (lane: Lane, delivery: Delivery): void => {
    const { subject, message, publishedAt } = delivery;
    const random = subject.dice('pubsub');
    if (faults.isOut('pubsub')) {
      time.after(between(random, 5000, MINUTE), () => attempt(lane, delivery));
      return;
    }
    delivery.attempts += 1;
    let answered = false;
    const answer = (success: boolean): void => {
      if (answered) return;
      answered = true;
      if (!success && delivery.attempts < MOST_ATTEMPTS) {
        const wait = Math.min(BACKOFF.most, BACKOFF.least * 2 ** delivery.attempts);
        time.after(between(random, wait / 2, wait), () => attempt(lane, delivery));
        return;
      }
      if (success) acknowledge(lane, delivery);
      else {
        lane.waiting.shift();
        deadLetter(subject, message);
      }
      lane.busy = false;
      next(lane);
    };
    time.after(ACK_DEADLINE, () => answer(false));
    time.resume(between(random, 10, 100), () => void push(subject, message, publishedAt).then(answer));
    if (faults.strikes(subject, 'deliveredTwice')) {
      time.resume(between(random, 10, 5000), () => void push(subject, message, publishedAt));
    }
  };

  const next = (lane: Lane): void => {
    const [delivery] = lane.waiting;
    if (lane.busy || delivery === undefined) return;
    lane.busy = true;
    attempt(lane, delivery);
  };

  return (subject: Subject, message: OutgoingMessage): void => {
    const lane = lanes.get(message.orderingKey) ?? { waiting: [], done: [], busy: false };
    lanes.set(message.orderingKey, lane);
    lane.waiting.push({ message, subject, publishedAt: time.now() + offset, attempts: 0 });
    next(lane);
  };
}

/**
 * A publisher as one instance has it: messages of one ordering key leave in the order of the calls, and when one is not
 * taken, neither are those of its key that are under way behind it.
 */
export function createPublisher(
  { call, time, faults }: { readonly call: Call; readonly time: Timeline; readonly faults: Faults },
  take: (subject: Subject, message: OutgoingMessage) => void,
  instance: Instance,
  subjectOf: (message: OutgoingMessage) => Subject,
): Publish {
  /** When the latest message of a key arrives, and until when a failure of the key makes those after it fail. */
  const keys = new Map<string, { arrives: number; failsThrough: number }>();
  let ids = 0;
  return (message) => {
    const subject = subjectOf(message);
    const key = keys.get(message.orderingKey) ?? { arrives: 0, failsThrough: 0 };
    keys.set(message.orderingKey, key);
    const latency = between(subject.dice('latency'), 5, 50);
    const arrives = Math.max(Math.round(time.now() + latency), key.arrives);
    key.arrives = arrives;
    const hold = (): void => void (key.failsThrough = key.arrives);
    const fail = (text: string): Injected => {
      hold();
      return new Injected(text);
    };
    const manners: Manners = {
      service: 'pubsub',
      latency: [arrives - time.now(), arrives - time.now()],
      patience: 15_000,
      whenOut: hold,
      unavailable: () => {
        if (arrives <= key.failsThrough) return new Injected('an earlier message of the key was not taken');
        return faults.strikes(subject, 'publishFails') ? fail('Pub/Sub did not take it') : undefined;
      },
      lost: () => (faults.strikes(subject, 'publishAnswerLost') ? fail('no answer from Pub/Sub') : undefined),
    };
    return call(instance, subject, manners, () => {
      take(subject, message);
      if (faults.strikes(subject, 'publishedTwice')) take(subject, message);
      ids += 1;
      return `${instance.name}-${String(ids)}`;
    });
  };
}
