/**
 * The notification channels of the emulated project, see https://developers.google.com/workspace/calendar/api/guides/push. Google
 * offers no way to list channels; listing them here is for tests and the control routes.
 */
import { createHash } from 'node:crypto';
import { canonicalAddress } from '../protocol/address.ts';
import { CalendarError } from '../protocol/http.ts';
import { collectionKey } from '../state/store.ts';
import { randomInteger } from '../state/random.ts';
import type { Clock } from '../state/clock.ts';
import type { Random } from '../state/random.ts';
import type { Collection, Resource } from '../state/store.ts';

/** A channel. It is `live` until it is stopped (and removed), expires, or is `killed`: still known, but silent. */
export interface Channel {
  readonly id: string;
  readonly user: string;
  readonly collection: Collection;
  readonly resourceId: string;
  readonly resourceUri: string;
  readonly address: string;
  readonly token?: string;
  /** Milliseconds since the epoch, in whole seconds. */
  readonly expiresAt: number;
  /** Whether responses and notifications carry the expiration. */
  readonly showsExpiration: boolean;
  readonly state: 'live' | 'expired' | 'killed';
  /** The number of the last message. */
  readonly lastNumber: number;
}

/** Selects channels. Omitted fields match every channel. */
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

/** The channels as JSON. */
export interface SavedChannels {
  readonly entries: readonly Entry[];
  readonly usedIds: readonly string[];
}

/** Google's message numbers are not sequential, so clients must not expect the next number. */
const MAX_NUMBER_STEP = 999;

export type Channels = ReturnType<typeof createChannels>;

/** Returns an empty register of channels. */
export function createChannels({ clock, random }: { clock: Clock; random: Random }) {
  const entries = new Map<string, Entry>();
  const usedIds = new Set<string>();

  function view({ made, resourceId, expiresAt, killed, lastNumber }: Entry): Channel {
    const ended = clock.now() >= expiresAt ? 'expired' : 'live';
    return { ...made, resourceId, expiresAt, lastNumber, state: killed ? 'killed' : ended };
  }

  function select(filter: ChannelFilter): Entry[] {
    const wantedUser = filter.user && canonicalAddress(filter.user);
    const wantedCalendar = filter.calendarId && canonicalAddress(filter.calendarId);
    return [...entries.values()].filter(
      ({ made: { id, user, collection } }) =>
        (filter.id === undefined || filter.id === id) &&
        (wantedUser === undefined || wantedUser === user) &&
        (filter.resource === undefined || filter.resource === collection.resource) &&
        (wantedCalendar === undefined || wantedCalendar === calendarIdOf(collection)),
    );
  }

  return {
    /**
     * Opens a channel.
     * @throws CalendarError 400 `channelIdNotUnique`, also for the id of an ended channel: Google asks for a new id for every
     *   channel.
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
     * Stops a channel for `user`. Only the account that created a channel can stop it, but any user can stop a channel of a
     * service account (https://developers.google.com/workspace/calendar/api/guides/push). Returns false if this user has no such
     * channel; Google answers the same for another user's channel and for an unknown one.
     */
    stop(user: string, id: string, resourceId: string): boolean {
      const entry = entries.get(id);
      if (entry === undefined || entry.resourceId !== resourceId || view(entry).state === 'expired')
        return false;
      const { user: owner } = entry.made;
      if (owner !== user && !owner.endsWith('.gserviceaccount.com')) return false;
      return entries.delete(id);
    },

    /** Returns the live channels of a collection. */
    listeningTo(collection: Collection): Channel[] {
      const resourceId = resourceIdOf(collection);
      return [...entries.values()]
        .filter((entry) => entry.resourceId === resourceId)
        .map(view)
        .filter((channel) => channel.state === 'live');
    },

    /** Returns a channel, or undefined if it is unknown or was stopped. */
    find(id: string): Channel | undefined {
      const entry = entries.get(id);
      return entry && view(entry);
    },

    /** Returns all channels that were not stopped, oldest first. */
    list: (filter: ChannelFilter = {}): Channel[] => select(filter).map(view),

    /** Returns the number of a channel's next message: greater than the last one, rarely by one. */
    nextNumber(id: string): number {
      const entry = entries.get(id);
      if (entry === undefined) throw new Error(`channel '${id}' not found`);
      entry.lastNumber += randomInteger(random, 1, MAX_NUMBER_STEP);
      return entry.lastNumber;
    },

    /** Expires channels now. Returns how many. */
    expire(filter: ChannelFilter = {}): number {
      const ended = select(filter).filter((entry) => view(entry).state === 'live');
      for (const entry of ended) entry.expiresAt = Math.floor(clock.now() / 1000) * 1000;
      return ended.length;
    },

    /** Silences channels without a notification; they can still be stopped. Returns how many. */
    kill(filter: ChannelFilter = {}): number {
      const muted = select(filter).filter((entry) => view(entry).state === 'live');
      for (const entry of muted) entry.killed = true;
      return muted.length;
    },

    reset(): void {
      entries.clear();
      usedIds.clear();
    },

    /** Returns the channels, and the ids that are taken, as JSON. */
    save: (): SavedChannels => ({ entries: [...entries.values()], usedIds: [...usedIds] }),

    /** Replaces all channels by those that were saved. */
    restore(saved: SavedChannels): void {
      entries.clear();
      usedIds.clear();
      for (const entry of saved.entries) entries.set(entry.made.id, { ...entry });
      for (const id of saved.usedIds) usedIds.add(id);
    },
  };
}

/** Returns the calendar of a collection, or undefined for a collection of a user. */
export function calendarIdOf(collection: Collection): string | undefined {
  return 'calendarId' in collection ? collection.calendarId : undefined;
}

/** Returns an opaque id that is the same for every channel of a collection. */
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
