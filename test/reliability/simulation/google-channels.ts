import type { Faults } from './faults.ts';
import { between } from './random.ts';
import { ApiError } from './collection.ts';
import { HOUR, MINUTE, type Sabotage } from './scenario.ts';
import type { Subject } from './subject.ts';
import type { Timeline } from './timeline.ts';

/**
 * Google's notification channels: they lose, repeat, delay and reorder notifications.
 * @see https://developers.google.com/workspace/calendar/api/guides/push
 */

/** The headers of a notification. */
export type Headers = Readonly<Record<string, string>>;

interface GoogleChannel {
  readonly id: string;
  readonly subject: Subject;
  readonly token: string;
  readonly expiresAt: number;
  readonly resourceId: string;
  number: number;
  /** `dead`: Google considers it open, but sends nothing any more. */
  state: 'live' | 'dead' | 'over';
}

type Ending = 'died' | 'expired' | 'stopped';

export interface ChannelWorld {
  readonly time: Timeline;
  readonly faults: Faults;
  /** Sends a request to `receive`; resolves with the HTTP status. */
  readonly post: (subject: Subject, headers: Headers) => Promise<number>;
  readonly opened: (subject: Subject) => void;
  /** `wasLive`: it sent notifications until now. */
  readonly ended: (subject: Subject, wasLive: boolean) => void;
  readonly trace: (subject: Subject, text: string) => void;
  readonly sabotage: Sabotage | undefined;
}

const RETRIED = new Set([500, 502, 503, 504]);
const MOST_TRIES = 8;
/** For this long a stopped channel may still send a notification, in ms. */
const ECHO = 20_000;

export function createGoogleChannels(world: ChannelWorld) {
  const { time, faults, post, trace } = world;
  const channels = new Map<string, GoogleChannel>();
  const used = new Set<string>();
  const bySubject = new Map<number, Set<GoogleChannel>>();

  const deliver = async (channel: GoogleChannel, headers: Headers, tries: number): Promise<void> => {
    const status = await post(channel.subject, headers);
    if (!RETRIED.has(status) || tries >= MOST_TRIES) return;
    const wait = 2 ** tries * 2000 * between(channel.subject.dice('google'), 0.5, 1.5);
    time.resume(wait, () => void deliver(channel, headers, tries + 1));
  };

  const notify = (channel: GoogleChannel, state: 'sync' | 'exists'): void => {
    const { subject } = channel;
    const random = subject.dice('google');
    channel.number += state === 'sync' ? 1 : Math.ceil(between(random, 0, 5));
    if (faults.strikes(subject, 'notificationLost')) return;
    const headers = {
      'X-Goog-Channel-ID': channel.id,
      'X-Goog-Channel-Token': channel.token,
      'X-Goog-Channel-Expiration': new Date(channel.expiresAt).toUTCString(),
      'X-Goog-Message-Number': String(channel.number),
      'X-Goog-Resource-ID': channel.resourceId,
      'X-Goog-Resource-State': state,
      'X-Goog-Resource-URI': `https://www.googleapis.com/calendar/v3/${subject.watchSpec.collection}?alt=json`,
    };
    const send = (): void => {
      const late = faults.strikes(subject, 'notificationLate');
      const delay = late ? between(random, MINUTE, HOUR) : between(random, 300, 8000);
      time.resume(delay, () => void deliver(channel, headers, 0));
    };
    send();
    if (faults.strikes(subject, 'notificationTwice')) send();
  };

  const end = (channel: GoogleChannel, how: Ending): void => {
    if (channel.state === 'over' || (how === 'died' && channel.state !== 'live')) return;
    const wasLive = channel.state === 'live';
    channel.state = how === 'died' ? 'dead' : 'over';
    trace(channel.subject, `channel ${channel.id} ${how}`);
    world.ended(channel.subject, wasLive);
    if (how === 'died') return;
    time.after(how === 'stopped' ? ECHO : 0, () => {
      channels.delete(channel.id);
      bySubject.get(channel.subject.number)?.delete(channel);
    });
  };

  return {
    open: (
      subject: Subject,
      { id, token, expiresAt }: { readonly id: string; readonly token: string; readonly expiresAt: number },
    ): { readonly resourceId: string; readonly expiresAt: number } => {
      if (used.has(id)) throw new ApiError(400, 'channelIdNotUnique');
      used.add(id);
      const resourceId = `resource-${String(subject.number)}`;
      const channel: GoogleChannel = {
        id,
        subject,
        token,
        expiresAt,
        resourceId,
        number: 0,
        state: 'live',
      };
      channels.set(id, channel);
      const mine = bySubject.get(subject.number) ?? new Set();
      bySubject.set(subject.number, mine.add(channel));
      trace(subject, `channel ${id} opened`);
      world.opened(subject);
      const left = expiresAt - time.now();
      time.after(left, () => end(channel, 'expired'));
      if (faults.strikes(subject, 'channelDies')) {
        time.after(subject.dice('google')() * left, () => end(channel, 'died'));
      }
      // Often arrives before the response of the watch call.
      notify(channel, 'sync');
      return { resourceId, expiresAt };
    },

    /** @throws {ApiError} 404 for a channel that does not exist (any more). */
    stop: (subject: Subject, id: string, resourceId: string): void => {
      const channel = channels.get(id);
      if (channel === undefined || channel.subject !== subject || channel.resourceId !== resourceId) {
        throw new ApiError(404, 'notFound');
      }
      if (world.sabotage !== 'forgetToStop') end(channel, 'stopped');
    },

    /** Sends a notification on every open channel. */
    announce: (subject: Subject): void => {
      for (const channel of bySubject.get(subject.number) ?? []) {
        const echo = channel.state === 'over' && subject.dice('google')() < 0.5;
        if (channel.state === 'live' || echo) notify(channel, 'exists');
      }
    },

    /** Returns whether this channel died silently and would still be open otherwise. */
    isDead: (id: string): boolean => channels.get(id)?.state === 'dead',

    /** Returns the ids of the channels that send notifications. */
    live: (subject: Subject): readonly string[] =>
      Array.from(bySubject.get(subject.number) ?? [])
        .filter(({ state }) => state === 'live')
        .map(({ id }) => id),
  };
}

export type GoogleChannels = ReturnType<typeof createGoogleChannels>;
