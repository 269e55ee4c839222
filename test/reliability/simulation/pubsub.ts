import type { OutgoingMessage } from '../../../functions/feed/envelope.ts';
import type { Publish } from '../../../functions/feed/envelope.ts';
import type { Faults } from './faults.ts';
import { Injected, type Call, type Instance, type ServiceProfile } from './processes.ts';
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

/** Messages of one ordering key. */
interface KeyState {
  readonly waiting: Delivery[];
  /** The latest acknowledged deliveries: when one of them is redelivered, so are those after it. */
  readonly done: Delivery[];
  busy: boolean;
}

/** As deployed: how long a push may take, the bounds of backoff, and after how many attempts a message is dead-lettered. */
const ACK_DEADLINE = MINUTE;
const BACKOFF = { least: 1000, most: 10 * MINUTE };
const MOST_ATTEMPTS = 20;
const KEPT = 4;

export interface Subscription {
  readonly time: Timeline;
  readonly faults: Faults;
  /** Pushes to a function; resolves with whether it answered success, and never if its instance died silently. */
  readonly push: (subject: Subject, message: OutgoingMessage, publishedAt: number) => Promise<boolean>;
  readonly deadLetter: (subject: Subject, message: OutgoingMessage) => void;
}

/**
 * A topic with one push subscription, ordered by watch.
 * @param offset How far Pub/Sub's clock is from true time, in ms.
 */
export function createTopic({ time, faults, push, deadLetter }: Subscription, offset: number) {
  const keys = new Map<string, KeyState>();

  const acknowledge = (key: KeyState, delivery: Delivery): void => {
    key.waiting.shift();
    key.done.push(delivery);
    if (key.done.length > KEPT) key.done.shift();
    if (!faults.strikes(delivery.subject, 'deliveredAgain')) return;
    time.after(delivery.subject.dice('pubsub')() * 10 * MINUTE, () => {
      const from = key.done.indexOf(delivery);
      if (from < 0) return;
      const again = key.done.splice(from).map((each) => ({ ...each, attempts: 0 }));
      key.waiting.splice(key.busy ? 1 : 0, 0, ...again);
      next(key);
    });
  };

  const attempt = (key: KeyState, delivery: Delivery): void => {
    const { subject, message, publishedAt } = delivery;
    const random = subject.dice('pubsub');
    if (faults.isOut('pubsub')) {
      time.after(between(random, 5000, MINUTE), () => attempt(key, delivery));
      return;
    }
    delivery.attempts += 1;
    let answered = false;
    const answer = (success: boolean): void => {
      if (answered) return;
      answered = true;
      if (!success && delivery.attempts < MOST_ATTEMPTS) {
        const wait = Math.min(BACKOFF.most, BACKOFF.least * 2 ** delivery.attempts);
        time.after(between(random, wait / 2, wait), () => attempt(key, delivery));
        return;
      }
      if (success) acknowledge(key, delivery);
      else {
        key.waiting.shift();
        deadLetter(subject, message);
      }
      key.busy = false;
      next(key);
    };
    time.after(ACK_DEADLINE, () => answer(false));
    time.resume(between(random, 10, 100), () => void push(subject, message, publishedAt).then(answer));
    if (faults.strikes(subject, 'deliveredTwice')) {
      time.resume(between(random, 10, 5000), () => void push(subject, message, publishedAt));
    }
  };

  const next = (key: KeyState): void => {
    const [delivery] = key.waiting;
    if (key.busy || delivery === undefined) return;
    key.busy = true;
    attempt(key, delivery);
  };

  return (subject: Subject, message: OutgoingMessage): void => {
    const key = keys.get(message.orderingKey) ?? { waiting: [], done: [], busy: false };
    keys.set(message.orderingKey, key);
    key.waiting.push({ message, subject, publishedAt: time.now() + offset, attempts: 0 });
    next(key);
  };
}

/**
 * The publisher of one instance. Messages of one ordering key leave in the order of the calls; when one fails, so do those of its key that
 * are under way behind it.
 */
export function createPublisher(
  { call, time, faults }: { readonly call: Call; readonly time: Timeline; readonly faults: Faults },
  take: (subject: Subject, message: OutgoingMessage) => void,
  instance: Instance,
  subjectOf: (message: OutgoingMessage) => Subject,
): Publish {
  /** By key: when the latest message arrives, and until when a failure of the key fails the messages after it. */
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
    const profile: ServiceProfile = {
      service: 'pubsub',
      latency: [arrives - time.now(), arrives - time.now()],
      timeoutMs: 15_000,
      whenOut: hold,
      unavailable: () => {
        if (arrives <= key.failsThrough) return new Injected('an earlier message of the key failed');
        return faults.strikes(subject, 'publishFails') ? fail('Pub/Sub did not take it') : undefined;
      },
      lost: () => (faults.strikes(subject, 'publishAnswerLost') ? fail('no answer from Pub/Sub') : undefined),
    };
    return call(instance, subject, profile, () => {
      take(subject, message);
      if (faults.strikes(subject, 'publishedTwice')) take(subject, message);
      ids += 1;
      return `${instance.name}-${String(ids)}`;
    });
  };
}
