/**
 * Delivers notifications, see https://developers.google.com/workspace/calendar/api/guides/push. 200, 201, 202, 204 and 102 count
 * as success; 500, 502, 503, 504 and connection errors are retried with exponential backoff; any other status ends the delivery.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { calendarIdOf } from './channels.ts';
import { randomInteger } from '../state/random.ts';
import { post } from './webhook.ts';
import type { Channel, Channels } from './channels.ts';
import type { Clock } from '../state/clock.ts';
import type { Faults } from '../faults/faults.ts';
import type { Fate, Journal } from '../journal/journal.ts';
import type { Random } from '../state/random.ts';
import type { Message, NotificationState } from './webhook.ts';

export interface DeliveryOptions {
  /** Minimum and maximum time from a change to its notification, in real milliseconds. `[0, 10]` by default. */
  readonly deliveryDelayMs?: readonly [min: number, max: number];
  /** Delay before the first retry, in milliseconds; it doubles with each retry. 1,000 by default. */
  readonly retryBaseMs?: number;
  /** Maximum number of attempts. 6 by default; Google does not document its number. */
  readonly maxAttempts?: number;
  /** Whether notifications carry the Content-Type of Google's example. By default some do and some do not. */
  readonly contentType?: 'always' | 'never' | 'random';
}

interface Dependencies {
  readonly options: DeliveryOptions;
  readonly channels: Channels;
  readonly faults: Faults;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly random: Random;
}

const SUCCESSES = new Set([102, 200, 201, 202, 204]);
const RETRIED = new Set([500, 502, 503, 504]);
const MAX_BACKOFF_MS = 600_000;
const DEFAULT_HOLD_MS = 1_000;

export type Delivery = ReturnType<typeof createDelivery>;

/** Returns the delivery of all channels' notifications. */
export function createDelivery({ options, channels, faults, journal, clock, random }: Dependencies) {
  const { deliveryDelayMs: [minDelay, maxDelay] = [0, 10], retryBaseMs = 1_000, maxAttempts = 6 } = options;
  const pending = new Set<Promise<void>>();
  const turns = new Map<string, Promise<void>>();
  const held = new Map<string, (() => void)[]>();
  let stopping = new AbortController();

  function pause(ms: number): Promise<void> {
    return wait(ms, undefined, { signal: stopping.signal });
  }

  function record(message: Message, count: number, fate: Fate, ms = 0, status?: number): void {
    const { channel, number, state, cause } = message;
    const calendarId = calendarIdOf(channel.collection);
    journal.record({
      kind: 'notification',
      time: clock.now(),
      ...(cause === undefined ? {} : { cause }),
      channelId: channel.id,
      resourceId: channel.resourceId,
      resource: channel.collection.resource,
      user: channel.user,
      ...(calendarId === undefined ? {} : { calendarId }),
      number,
      state,
      attempt: count,
      ...(status === undefined ? {} : { status }),
      fate,
      ms,
    });
  }

  /** Makes one attempt. Resolves to whether another one follows. */
  async function attempt(message: Message, count: number): Promise<boolean> {
    // As with Google, a notification in flight still arrives after its channel was stopped.
    const ended = channels.find(message.channel.id)?.state;
    if (ended === 'expired' || ended === 'killed') {
      record(message, count - 1, ended);
      return false;
    }
    const started = performance.now();
    const status = await post(message, stopping.signal).catch((error: unknown) => {
      if (stopping.signal.aborted) throw error;
      return undefined;
    });
    const ms = performance.now() - started;
    if (status !== undefined && SUCCESSES.has(status)) {
      record(message, count, 'delivered', ms, status);
      return false;
    }
    if (status !== undefined && !RETRIED.has(status)) {
      record(message, count, 'failed', ms, status);
      return false;
    }
    const last = count >= maxAttempts;
    record(message, count, last ? 'gaveUp' : 'retrying', ms, status);
    return !last;
  }

  async function deliver(message: Message, attempted: () => void): Promise<void> {
    for (let count = 1; await attempt(message, count); count += 1) {
      attempted();
      const backoff = Math.min(retryBaseMs * 2 ** (count - 1), MAX_BACKOFF_MS);
      await pause(backoff * (0.5 + random()));
    }
    attempted();
  }

  /** Waits for the message's turn, so that a channel's messages are sent in the order of the changes. */
  async function turn(channelId: string): Promise<void> {
    const delay = pause(randomInteger(random, minDelay, maxDelay));
    const mine = Promise.all([turns.get(channelId), delay]).then(() => undefined);
    turns.set(channelId, mine);
    await mine;
  }

  /** Waits until the channel's next message has been sent, or for `maxMs`. */
  function overtaken(channelId: string, maxMs: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    held.set(channelId, [...(held.get(channelId) ?? []), resolve]);
    return Promise.race([promise, pause(maxMs)]);
  }

  function release(channelId: string): void {
    const waiting = held.get(channelId) ?? [];
    held.delete(channelId);
    for (const go of waiting) go();
  }

  async function run(
    message: Message,
    after: Promise<void> | undefined,
    attempted: () => void,
  ): Promise<void> {
    const { channel, state } = message;
    const { resource } = channel.collection;
    const effects = faults.onNotification({
      channelId: channel.id,
      resource,
      calendarId: calendarIdOf(channel.collection),
      user: channel.user,
      state,
    });
    await after;
    await turn(channel.id);
    if (effects.some((effect) => effect.do === 'drop')) {
      record(message, 0, 'dropped');
      return;
    }
    let copies = 1;
    let reordered = false;
    for (const effect of effects) {
      if (effect.do === 'duplicate') copies += effect.copies ?? 1;
      if (effect.do === 'delay') await pause(effect.ms);
      if (effect.do === 'reorder') {
        reordered = true;
        record(message, 0, 'held');
        await overtaken(channel.id, effect.maxMs ?? DEFAULT_HOLD_MS);
      }
    }
    await Promise.all(
      Array.from({ length: copies }, () =>
        deliver(message, () => {
          attempted();
          if (!reordered) release(channel.id);
        }),
      ),
    );
  }

  return {
    /**
     * Sends a notification on a channel, now or once `after` has resolved. Resolves when the first attempt is over, or when it is
     * certain that there will be none.
     */
    send(channel: Channel, state: NotificationState, after?: Promise<void>): Promise<void> {
      const number = state === 'sync' ? 1 : channels.nextNumber(channel.id);
      const { contentType = 'random' } = options;
      const first = Promise.withResolvers<void>();
      const message = {
        channel,
        number,
        state,
        contentType: contentType === 'random' ? random() < 0.5 : contentType === 'always',
        cause: journal.cause(),
      };
      const { signal } = stopping;
      const whole: Promise<void> = run(message, after, first.resolve)
        .catch((error: unknown) => {
          if (!signal.aborted) first.reject(error);
        })
        .finally(() => {
          first.resolve();
          pending.delete(whole);
        });
      pending.add(whole);
      return first.promise;
    },

    /** Resolves when no notification is in flight or waiting for its turn, a retry or a fault's delay. */
    async settle(): Promise<void> {
      while (pending.size > 0) await Promise.all(pending);
    },

    /** Drops every notification that is not delivered yet. */
    async abandon(): Promise<void> {
      stopping.abort();
      await Promise.all(pending);
      turns.clear();
      held.clear();
      stopping = new AbortController();
    },
  };
}
