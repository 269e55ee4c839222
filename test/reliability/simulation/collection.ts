import { EVENTS_PAGE, isDeleted, type Item } from '../../../functions/calendar/resources.ts';
import type { Page } from '../../../functions/calendar/client.ts';
import { between } from './random.ts';
import type { Subject } from './subject.ts';

/**
 * One collection as Google Calendar keeps it: items, tombstones, sync tokens and pages. A page token names a list that is frozen at its
 * first page, an offset and the page's number, so that no token repeats even where pages are empty. A sync token names a revision.
 * @see https://developers.google.com/workspace/calendar/api/guides/sync
 */

interface Entry {
  readonly item: Item;
  readonly revision: number;
  /** When Google made the change, Unix ms. */
  readonly at: number;
  /** Incremental lists never include it, whatever their token. */
  readonly withheld?: boolean;
}

interface Frozen {
  readonly items: readonly Item[];
  readonly revision: number;
  readonly size: number;
  /** The query of the list, which may not change from page to page. */
  readonly query: string;
}

/** A list call that the API's documentation forbids, which must never happen. */
class ForbiddenCall extends Error {
  override readonly name = 'ForbiddenCall';
}

/** An error answer of Google with an HTTP status. */
export class ApiError extends Error {
  readonly status: number;
  readonly response: { readonly status: number; readonly data: unknown };
  constructor(status: number, reason: string) {
    super(`${String(status)} ${reason}`);
    this.status = status;
    this.response = { status, data: { error: { errors: [{ reason }] } } };
  }
}

const KEPT_LISTS = 4;
/** The least age at which a tombstone may be dropped, and the least number of entries. */
const TOMBSTONE_MS = 20 * 86_400_000;
const MANY = 30;

function parentOf(item: Item): string | undefined {
  const parent = item['recurringEventId'];
  return typeof parent === 'string' ? parent : undefined;
}

export function createCollection(subject: Subject) {
  const { resource } = subject.watchSpec.target;
  /** Then cancelled occurrences are listed as deleted, as single events are. */
  const single = subject.watchSpec.parameters.singleEvents;
  const random = subject.dice('pages');
  /** In the order of their latest changes. */
  const entries = new Map<string, Entry>();
  const frozen = new Map<string, Frozen>();
  let revision = 0;
  let epoch = 1;
  let lists = 0;
  /** Tombstones up to this revision are dropped, and older tokens invalid. */
  let forgotten = 0;
  let timeZone = 'UTC';

  const isLive = (id: string): boolean => {
    const item = entries.get(id)?.item;
    return item !== undefined && !isDeleted(resource, item);
  };
  const occursSingly = (series: string): boolean =>
    single && [...entries].some(([id, { item }]) => parentOf(item) === series && isLive(id));
  /** Whether an item is part of a full list: it is not deleted, or is a cancelled occurrence of a series that is not. */
  const isListed = (item: Item): boolean => {
    const parent = parentOf(item);
    return isDeleted(resource, item) ? !single && parent !== undefined && isLive(parent) : true;
  };

  const changedSince = (since: number, until: number): Item[] => {
    const items: Item[] = [];
    if (since === revision) return items;
    for (const { item, revision: at, withheld } of entries.values()) {
      if (at > since && at <= until && withheld !== true) items.push(item);
    }
    return items;
  };

  const pageOf = (
    id: string,
    list: Frozen,
    { from, page }: { readonly from: number; readonly page: number },
    query: string,
  ): Page => {
    if (list.query !== query) throw new ForbiddenCall(`the query changed from page to page: ${query}`);
    // A page may be empty although others follow.
    const size = list.size < 100 && random() < 0.1 ? 0 : list.size;
    const items = list.items.slice(from, from + size);
    const next = from + size;
    const zone = resource === 'events' ? { timeZone } : {};
    if (next < list.items.length || size === 0)
      return { items, ...zone, nextPageToken: [id, next, page + 1].join(':') };
    return {
      items,
      ...zone,
      nextSyncToken: `${String(epoch)}|${String(list.revision)}|${query.split(' ')[0] ?? ''}`,
    };
  };

  const sinceOf = (token: string, parameters: string): number => {
    const [of, since, key] = token.split('|', 3);
    if (key !== parameters) throw new ForbiddenCall('a sync token is used with other list parameters');
    if (Number(of) !== epoch || Number(since) < forgotten) throw new ApiError(410, 'fullSyncRequired');
    return Number(since);
  };

  /** Drops old tombstones. */
  const forgetTombstones = (now: number): void => {
    for (const [id, { item, revision: late, at }] of entries) {
      if (at > now - TOMBSTONE_MS) return;
      if (isListed(item)) continue;
      entries.delete(id);
      forgotten = late;
    }
  };

  return {
    /** Adds or changes an item, or replaces it by its tombstone. */
    put: (item: Item, now: number): void => {
      revision += 1;
      entries.delete(item.id);
      entries.set(item.id, { item, revision, at: now });
      if (entries.size > MANY) forgetTombstones(now);
    },
    /** Changes an item without moving its revision, so that no incremental list has it. */
    putQuietly: (item: Item): void => {
      const entry = entries.get(item.id);
      if (entry) entries.set(item.id, { ...entry, item });
    },
    /** Withholds the changes after revision `since` from incremental lists, until the items change again. */
    withhold: (since: number): void => {
      for (const [id, entry] of entries) {
        if (entry.revision > since) entries.set(id, { ...entry, withheld: true });
      }
    },
    /** Drops an item without a tombstone, such as an exception whose series was deleted. */
    forget: (id: string): void => void entries.delete(id),
    /** Returns an item. Where occurrences are listed, a series exists as long as one of them does. */
    get: (id: string): Item | undefined =>
      entries.get(id)?.item ?? (occursSingly(id) ? { id, status: 'confirmed' } : undefined),
    live: (): readonly Item[] =>
      Array.from(entries.values(), ({ item }) => item).filter(({ id }) => isLive(id)),
    exceptionsOf: (id: string): readonly Item[] =>
      Array.from(entries.values(), ({ item }) => item).filter((item) => parentOf(item) === id),
    /** Returns what a mirror of it must hold. */
    expected: (): ReadonlyMap<string, Item> =>
      new Map(
        Array.from(entries.values())
          .filter(({ item }) => isListed(item))
          .map(({ item }) => [item.id, item]),
      ),
    revision: (): number => revision,
    /** Returns the calendar's time zone. A change of it is in no list of changes. */
    timeZone: (): string => timeZone,
    moveTo: (zone: string): void => void (timeZone = zone),
    /** Invalidates every sync token so far. */
    killSyncTokens: (): void => void (epoch += 1),
    killPageToken: (token: string): void => void frozen.delete(token.split(':', 1)[0] ?? ''),

    /**
     * Answers a list call.
     * @param parameters What sync tokens are bound to.
     * @param asOf When this copy of the data is from (Unix ms), if it lags.
     * @throws {ApiError} 410 for an invalid token.
     */
    list: (
      parameters: string,
      { syncToken, pageToken }: { readonly syncToken?: string; readonly pageToken?: string },
      asOf?: number,
    ): Page => {
      const query = `${parameters} ${syncToken ?? ''}`;
      if (pageToken !== undefined) {
        const [id = '', from, page] = pageToken.split(':', 3);
        const list = frozen.get(id);
        if (list === undefined) throw new ApiError(random() < 0.5 ? 410 : 400, 'invalidPageToken');
        return pageOf(id, list, { from: Number(from), page: Number(page) }, query);
      }
      let until = revision;
      if (syncToken !== undefined && asOf !== undefined) {
        for (const { at, revision: late } of entries.values()) {
          if (at > asOf) {
            until = Math.max(late - 1, sinceOf(syncToken, parameters));
            break;
          }
        }
      }
      const items =
        syncToken === undefined
          ? Array.from(entries.values(), ({ item }) => item).filter(isListed)
          : changedSince(sinceOf(syncToken, parameters), until);
      lists += 1;
      const id = String(lists);
      const size = random() < 0.05 ? Math.floor(between(random, 1, 5)) : EVENTS_PAGE;
      const list = { items, revision: until, size, query };
      if (size < EVENTS_PAGE) {
        frozen.set(id, list);
        const [oldest] = frozen.keys();
        if (frozen.size > KEPT_LISTS && oldest !== undefined) frozen.delete(oldest);
      }
      return pageOf(id, list, { from: 0, page: 0 }, query);
    },
  };
}

export type Collection = ReturnType<typeof createCollection>;

/** Returns the revision that a sync token names. */
export const revisionOf = (syncToken: string): number => Number(syncToken.split('|', 2)[1]);
