import { EVENTS_PAGE, isDeleted, type Item } from '../../functions/calendar/resources.ts';
import type { Page } from '../../functions/calendar/client.ts';
import { between } from './random.ts';
import type { Subject } from './subject.ts';

/**
 * One collection as Google Calendar keeps it: items, tombstones, sync tokens and pages ("Synchronize resources
 * efficiently"). Page tokens name a list frozen at its first page; sync tokens name a revision.
 */

interface Entry {
  readonly item: Item;
  readonly revision: number;
  /** Google's own time of the change, Unix ms. */
  readonly at: number;
}

interface Frozen {
  readonly items: readonly Item[];
  readonly revision: number;
  readonly size: number;
  /** The query it was made for: it may not change from page to page. */
  readonly query: string;
}

/** A list call that the API's documentation forbids: the caller's fault, and never to happen. */
class ForbiddenCall extends Error {
  override readonly name = 'ForbiddenCall';
}

/** An answer with this HTTP status. */
export class Refused extends Error {
  readonly status: number;
  readonly response: { readonly status: number; readonly data: unknown };
  constructor(status: number, reason: string) {
    super(`${String(status)} ${reason}`);
    this.status = status;
    this.response = { status, data: { error: { errors: [{ reason }] } } };
  }
}

const KEPT_LISTS = 4;
/** How long a tombstone is kept at least, and how many entries there must be before one is dropped. */
const TOMBSTONE_MS = 20 * 86_400_000;
const MANY = 30;

function parentOf(item: Item): string | undefined {
  const parent = item['recurringEventId'];
  return typeof parent === 'string' ? parent : undefined;
}

export function createCollection(subject: Subject) {
  const { resource } = subject.wish.target;
  const random = subject.dice('pages');
  /** In the order of their latest changes. */
  const entries = new Map<string, Entry>();
  const frozen = new Map<string, Frozen>();
  let revision = 0;
  let epoch = 1;
  let lists = 0;
  /** Tombstones up to this revision are gone, and tokens older than it dead. */
  let forgotten = 0;

  const isLive = (id: string): boolean => {
    const item = entries.get(id)?.item;
    return item !== undefined && !isDeleted(resource, item);
  };
  /** Part of a full list, and so of a mirror: what is not deleted, and cancelled occurrences of what is not. */
  const isListed = (item: Item): boolean => {
    const parent = parentOf(item);
    return isDeleted(resource, item) ? parent !== undefined && isLive(parent) : true;
  };

  const changedSince = (since: number, until: number): Item[] => {
    const items: Item[] = [];
    if (since === revision) return items;
    for (const { item, revision: at } of entries.values()) if (at > since && at <= until) items.push(item);
    return items;
  };

  const pageOf = (id: string, list: Frozen, from: number, query: string): Page => {
    if (list.query !== query) throw new ForbiddenCall(`the query changed from page to page: ${query}`);
    // A page may be empty although others follow.
    const size = list.size < 100 && random() < 0.1 ? 0 : list.size;
    const items = list.items.slice(from, from + size);
    const next = from + size;
    if (next < list.items.length || size === 0) return { items, nextPageToken: `${id}:${String(next)}` };
    return { items, nextSyncToken: `${String(epoch)}|${String(list.revision)}|${query.split(' ')[0] ?? ''}` };
  };

  const sinceOf = (token: string, parameters: string): number => {
    const [of, since, key] = token.split('|', 3);
    if (key !== parameters) throw new ForbiddenCall('a sync token is used with other list parameters');
    if (Number(of) !== epoch || Number(since) < forgotten) throw new Refused(410, 'fullSyncRequired');
    return Number(since);
  };

  /** Tombstones disappear in time. */
  const forgetTombstones = (now: number): void => {
    for (const [id, { item, revision: late, at }] of entries) {
      if (at > now - TOMBSTONE_MS) return;
      if (isListed(item)) continue;
      entries.delete(id);
      forgotten = late;
    }
  };

  return {
    /** Adds or changes an item, or puts its tombstone in its place. */
    put: (item: Item, now: number): void => {
      revision += 1;
      entries.delete(item.id);
      entries.set(item.id, { item, revision, at: now });
      if (entries.size > MANY) forgetTombstones(now);
    },
    /** Changes an item in a way that no incremental list shows. */
    putQuietly: (item: Item): void => {
      const entry = entries.get(item.id);
      if (entry) entries.set(item.id, { ...entry, item });
    },
    /** Forgets an item without a tombstone: an exception whose series was deleted. */
    forget: (id: string): void => void entries.delete(id),
    get: (id: string): Item | undefined => entries.get(id)?.item,
    live: (): readonly Item[] =>
      Array.from(entries.values(), ({ item }) => item).filter(({ id }) => isLive(id)),
    exceptionsOf: (id: string): readonly Item[] =>
      Array.from(entries.values(), ({ item }) => item).filter((item) => parentOf(item) === id),
    /** What a mirror of it holds. */
    expected: (): ReadonlyMap<string, Item> =>
      new Map(
        Array.from(entries.values())
          .filter(({ item }) => isListed(item))
          .map(({ item }) => [item.id, item]),
      ),
    revision: (): number => revision,
    /** From now on every sync token given so far is dead. */
    killSyncTokens: (): void => void (epoch += 1),
    killPageToken: (token: string): void => void frozen.delete(token.split(':', 1)[0] ?? ''),

    /**
     * Answers a list call. `parameters` is what a sync token is bound to; `asOf` the time (Unix ms) that this copy of
     * the data is from, where it is not the latest.
     * @throws {Refused} 410 for a dead token.
     */
    list: (
      parameters: string,
      { syncToken, pageToken }: { readonly syncToken?: string; readonly pageToken?: string },
      asOf?: number,
    ): Page => {
      const query = `${parameters} ${syncToken ?? ''}`;
      if (pageToken !== undefined) {
        const [id = '', from] = pageToken.split(':', 2);
        const list = frozen.get(id);
        if (list === undefined) throw new Refused(random() < 0.5 ? 410 : 400, 'invalidPageToken');
        return pageOf(id, list, Number(from), query);
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
      return pageOf(id, list, 0, query);
    },
  };
}

export type Collection = ReturnType<typeof createCollection>;

/** The revision that a sync token stands for. */
export const revisionOf = (syncToken: string): number => Number(syncToken.split('|', 2)[1]);
