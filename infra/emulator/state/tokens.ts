import * as z from 'zod';
import { fullSyncRequired, invalid } from '../protocol/api-errors.ts';
import { type Collection, collectionKey } from './collection.ts';
import type { Pages, Position } from './pages.ts';

/** The content of a sync token. It is opaque to clients. */
const SyncPoint = z.object({
  collection: z.string(),
  user: z.string(),
  /** The revision up to which the client has seen all changes. */
  revision: z.number(),
  /** The number of changes of the user's role when the traversal began. */
  access: z.number(),
  /** The list's own parameters, which the token fixes. */
  parameters: z.record(z.string(), z.array(z.string())),
  issuedAt: z.number(),
  generation: z.string(),
});
export type SyncPoint = z.infer<typeof SyncPoint>;

/** A list frozen at the start of its traversal; page tokens refer to it. */
interface Traversal {
  readonly pages: Pages<unknown>;
  readonly envelope: Readonly<Record<string, unknown>>;
  /** The query of the first page. Later pages must repeat it. */
  readonly query: string;
  readonly user: string;
  /** The content of the sync token on the last page; absent if the list has none. */
  readonly next?: Omit<SyncPoint, 'issuedAt' | 'generation'>;
}

export interface Tokens {
  issueSyncToken(point: Omit<SyncPoint, 'issuedAt' | 'generation'>, collection: Collection): string;
  /**
   * Throws 400 if the token is not a sync token of this list and user, 410 `fullSyncRequired` if it has expired, or if it has the
   * form of Google's tokens: that was valid once, elsewhere.
   */
  readSyncToken(token: string, user: string, collection: Collection): SyncPoint;
  issuePageToken(traversal: Traversal, from: Position, afterEmpty: boolean): string;
  /** Throws 400 if the token is not a page token of this user and query. */
  readPageToken(
    token: string,
    user: string,
    query: string,
  ): { traversal: Traversal; from: Position; afterEmpty: boolean };
  expire(collection?: Collection): void;
}

export interface TokensOptions {
  readonly now: () => number;
  readonly ttlMs: number;
  /** Distinguishes the tokens of one store from those of another. */
  readonly random: () => number;
}

/** Maximum number of traversals kept for further pages. The oldest are dropped first. */
const TRAVERSALS = 256;

/** Returns the tokens of a store. Sync tokens are self-contained, page tokens name a kept traversal. */
export function createTokens({ now, ttlMs, random }: TokensOptions): Tokens {
  const traversals = new Map<string, Traversal>();
  const names = new WeakMap<Traversal, string>();
  const expired = new Map<string, number>();
  let allExpired = 0;
  let traversalCount = 0;
  const started = `${now().toString(36)}${Math.floor(random() * 1e9).toString(36)}`;
  const generation = (key: string): string => `${started}.${allExpired}.${expired.get(key) ?? 0}`;

  return {
    issueSyncToken(point, collection) {
      const full: SyncPoint = {
        ...point,
        issuedAt: now(),
        generation: generation(collectionKey(collection)),
      };
      return Buffer.from(JSON.stringify(full)).toString('base64url');
    },
    readSyncToken(token, user, collection) {
      const key = collectionKey(collection);
      const point = decode(token);
      if (point === undefined && isGoogles(token)) throw fullSyncRequired();
      if (point?.collection !== key || point.user !== user)
        throw invalid('syncToken', 'Invalid sync token value.');
      if (point.generation !== generation(key) || now() - point.issuedAt >= ttlMs) throw fullSyncRequired();
      return point;
    },
    issuePageToken(traversal, from, afterEmpty) {
      let name = names.get(traversal);
      if (name === undefined) {
        name = `${started}-${(++traversalCount).toString(36)}`;
        names.set(traversal, name);
        traversals.set(name, traversal);
        if (traversals.size > TRAVERSALS) traversals.delete(traversals.keys().next().value ?? '');
      }
      return Buffer.from(JSON.stringify([name, from, afterEmpty])).toString('base64url');
    },
    readPageToken(token, user, query) {
      const parsed = PagePosition.safeParse(parse(token));
      const traversal = parsed.success ? traversals.get(parsed.data[0]) : undefined;
      if (!parsed.success || !traversal || traversal.user !== user || traversal.query !== query)
        throw invalid('pageToken', 'Invalid page token value.');
      const [, from, afterEmpty] = parsed.data;
      return { traversal, from, afterEmpty };
    },
    expire(collection) {
      if (!collection) allExpired += 1;
      else expired.set(collectionKey(collection), (expired.get(collectionKey(collection)) ?? 0) + 1);
    },
  };
}

const PagePosition = z.tuple([z.string(), z.tuple([z.int().min(0), z.int().min(0)]), z.boolean()]);

/** The fields 1, 2 and 3 of a protobuf message, each a number, in hex: https://protobuf.dev/programming-guides/encoding */
const GOOGLES = /^08(?:[89a-f].)*[0-7].10(?:[89a-f].)*[0-7].18[0-7].$/;

/** Whether a token decodes as the example of https://developers.google.com/workspace/calendar/api/guides/sync does. */
const isGoogles = (token: string): boolean => GOOGLES.test(Buffer.from(token, 'base64').toString('hex'));

function decode(token: string): SyncPoint | undefined {
  const parsed = SyncPoint.safeParse(parse(token));
  return parsed.success ? parsed.data : undefined;
}

function parse(token: string): unknown {
  try {
    return JSON.parse(Buffer.from(token, 'base64url').toString());
  } catch {
    return undefined;
  }
}
