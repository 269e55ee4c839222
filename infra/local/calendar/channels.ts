/**
 * The notification channels of the emulated project, following "Push notifications". As with Google there is no
 * API to list them: what is listed here is for tests and the control routes.
 */
import { createHash } from 'node:crypto';
import { CalendarError } from './http.ts';
import { collectionKey } from './store.ts';
import { randomInteger } from './random.ts';
import type { Clock } from './clock.ts';
import type { Random } from './random.ts';
import type { Collection, Resource } from './store.ts';

/** One channel. `live` until it is stopped (and gone), expires, or is `killed`: known still, but mute. */
export interface Channel {
  readonly id: string;
  readonly user: string;
  readonly collection: Collection;
  readonly resourceId: string;
  readonly resourceUri: string;
  readonly address: string;
  readonly token?: string;
  /** Milliseconds since the epoch, whole seconds. */
  readonly expiresAt: number;
  /** Whether the client is told when the channel expires. */
  readonly tellsExpiration: boolean;
  readonly state: 'live' | 'expired' | 'killed';
  /** The number of the latest message. */
  readonly lastNumber: number;
}

/** Which channels are meant; a field that is left out matches all. */
export interface ChannelFilter {
  readonly id?: string | undefined;
  readonly user?: string | undefined;
  readonly resource?: Resource | undefined;
  readonly calendarId?: string | undefined;
}

export type NewChannel = Omit<Channel, 'state' | 'lastNumber' | 'resourceId'>;

interface Entry {
  readonly made: NewChannel;
  readonly resourceId: string;
  expiresAt: number;
  killed: boolean;
  lastNumber: number;
}

/** Real numbers grow by leaps; a client must not expect the next one. */
const MAX_NUMBER_STEP = 999;

export type Channels = ReturnType<typeof createChannels>;

/** Makes an empty register. */
export function createChannels({ clock, random }: { clock: Clock; random: Random }) {
  const entries = new Map<string, Entry>();
  const usedIds = new Set<string>();

  function view({ made, resourceId, expiresAt, killed, lastNumber }: Entry): Channel {
    const ended = clock.now() >= expiresAt ? 'expired' : 'live';
    return { ...made, resourceId, expiresAt, lastNumber, state: killed ? 'killed' : ended };
  }

  function select(filter: ChannelFilter): Entry[] {
    return [...entries.values()].filter(
      ({ made: { id, user, collection } }) =>
        (filter.id === undefined || filter.id === id) &&
        (filter.user === undefined || filter.user === user) &&
        (filter.resource === undefined || filter.resource === collection.resource) &&
        (filter.calendarId === undefined || filter.calendarId === calendarIdOf(collection)),
    );
  }

  return {
    /**
     * Opens a channel.
     * @throws CalendarError 400 `channelIdNotUnique`. An id stays taken when its channel has ended: the guide
     *   asks for a new id with every channel, and a client that reuses one should find out here.
     */
    open(channel: NewChannel): Channel {
      if (usedIds.has(channel.id)) throw channelIdNotUnique(channel.id);
      usedIds.add(channel.id);
      const entry: Entry = {
        made: channel,
        resourceId: resourceIdOf(channel.collection),
        expiresAt: channel.expiresAt,
        killed: false,
        lastNumber: 1,
      };
      entries.set(channel.id, entry);
      return view(entry);
    },

    /**
     * Ends a channel for `user`. Only the account that made a channel may stop it, but any user may stop one
     * that a service account made ("Stopping notifications"). Returns false where there is no such channel for
     * this user: Google answers another user's channel and an unknown one alike.
     */
    stop(user: string, id: string, resourceId: string): boolean {
      const entry = entries.get(id);
      if (entry === undefined || entry.resourceId !== resourceId || view(entry).state === 'expired')
        return false;
      const { user: owner } = entry.made;
      if (owner !== user && !owner.endsWith('.gserviceaccount.com')) return false;
      return entries.delete(id);
    },

    /** The channels that are to hear of a change of this collection. */
    listeningTo(collection: Collection): Channel[] {
      const resourceId = resourceIdOf(collection);
      return [...entries.values()]
        .filter((entry) => entry.resourceId === resourceId)
        .map(view)
        .filter((channel) => channel.state === 'live');
    },

    /** How a channel stands: undefined once it was stopped. */
    find(id: string): Channel | undefined {
      const entry = entries.get(id);
      return entry && view(entry);
    },

    /** Every channel that was not stopped, oldest first. */
    list: (filter: ChannelFilter = {}): Channel[] => select(filter).map(view),

    /** Draws the number of a channel's next message: greater than the last, seldom by one. */
    nextNumber(id: string): number {
      const entry = entries.get(id);
      if (entry === undefined) throw new Error(`There is no channel '${id}' to number a message of.`);
      entry.lastNumber += randomInteger(random, 1, MAX_NUMBER_STEP);
      return entry.lastNumber;
    },

    /** Ends channels as if their time had come. Returns how many it ended. */
    expire(filter: ChannelFilter = {}): number {
      const ended = select(filter).filter((entry) => view(entry).state === 'live');
      for (const entry of ended) entry.expiresAt = Math.floor(clock.now() / 1000) * 1000;
      return ended.length;
    },

    /** Lets channels fall silent without a word; they can still be stopped. Returns how many. */
    kill(filter: ChannelFilter = {}): number {
      const muted = select(filter).filter((entry) => view(entry).state === 'live');
      for (const entry of muted) entry.killed = true;
      return muted.length;
    },

    reset(): void {
      entries.clear();
      usedIds.clear();
    },
  };
}

/** The calendar of a collection; undefined for those that belong to a user. */
export function calendarIdOf(collection: Collection): string | undefined {
  return 'calendarId' in collection ? collection.calendarId : undefined;
}

/** Opaque, and the same for every channel on a collection, whoever made it and whenever. */
function resourceIdOf(collection: Collection): string {
  return createHash('sha256').update(collectionKey(collection)).digest('base64url').slice(0, 27);
}

function channelIdNotUnique(id: string): CalendarError {
  return new CalendarError(400, {
    domain: 'global',
    reason: 'channelIdNotUnique',
    message: `Channel id ${id} not unique`,
  });
}
