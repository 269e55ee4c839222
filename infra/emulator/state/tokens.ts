import * as z from 'zod';
import { fullSyncRequired, invalid } from '../protocol/api-errors.ts';
import { parseJson } from '../protocol/body.ts';
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
  /** What the state was like when the token was issued, if it is kept in a file. */
  mark: z.string().optional(),
});
export type SyncPoint = z.infer<typeof SyncPoint>;
type NewSyncPoint = Omit<SyncPoint, 'issuedAt' | 'generation' | 'mark'>;

/** A list frozen at the start of its traversal; page tokens refer to it. */
interface Traversal {
  readonly pages: Pages<unknown>;
  readonly envelope: Readonly<Record<string, unknown>>;
  /** The query of the first page. Later pages must repeat it. */
  readonly query: string;
  readonly user: string;
  /** The content of the sync token on the last page; absent if the list has none. */
  readonly next?: NewSyncPoint;
}

export interface Tokens {
  issueSyncToken(point: NewSyncPoint, collection: Collection): string;
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
  /** Returns as JSON what the tokens issued so far depend on. Page tokens end with the process. */
  save(): SavedTokens;
}

/** Tells sync tokens of lost changes from others, where the state is kept in a file. */
export interface TokenMarks {
  /** Returns the mark of the state as it is now. */
  mark(): string;
  /** Returns whether a token with this mark may refer to changes that were lost when the process was killed. */
  isLost(mark: string): boolean;
}

export interface SavedTokens {
  readonly name: string;
  readonly allExpired: number;
  readonly expired: readonly (readonly [collection: string, times: number])[];
}

export interface TokensOptions {
  readonly now: () => number;
  readonly ttlMs: number;
  /** Distinguishes the tokens of one store from those of another. */
  readonly random: () => number;
  readonly marks?: TokenMarks | undefined;
}

/** Maximum number of traversals kept for further pages. The oldest are dropped first. */
const TRAVERSALS = 256;

/** Returns the tokens of a store. Sync tokens are self-contained, page tokens name a kept traversal. */
export function createTokens({ now, ttlMs, random, marks }: TokensOptions, saved?: SavedTokens): Tokens {
  const traversals = new Map<string, Traversal>();
  const names = new WeakMap<Traversal, string>();
  const expired = new Map<string, number>(saved?.expired);
  let allExpired = saved?.allExpired ?? 0;
  let traversalCount = 0;
  const started = `${now().toString(36)}${Math.floor(random() * 1e9).toString(36)}`;
  const name = saved?.name ?? started;
  const generation = (key: string): string => `${name}.${allExpired}.${expired.get(key) ?? 0}`;

  return {
    issueSyncToken(point, collection) {
      const full: SyncPoint = {
        ...point,
        issuedAt: now(),
        generation: generation(collectionKey(collection)),
        ...(marks && { mark: marks.mark() }),
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
      if (marks?.isLost(point.mark ?? '')) throw fullSyncRequired();
      return point;
    },
    issuePageToken(traversal, from, afterEmpty) {
      let own = names.get(traversal);
      if (own === undefined) {
        own = `${started}-${(++traversalCount).toString(36)}`;
        names.set(traversal, own);
        traversals.set(own, traversal);
        if (traversals.size > TRAVERSALS) traversals.delete(traversals.keys().next().value ?? '');
      }
      return Buffer.from(JSON.stringify([own, from, afterEmpty])).toString('base64url');
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
    save: () => ({ name, allExpired, expired: [...expired] }),
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

const parse = (token: string): unknown => parseJson(Buffer.from(token, 'base64url').toString());
