import type { Answer, Call } from '../protocol/http.ts';
import { fullSyncRequired, invalid } from '../protocol/api-errors.ts';
import type { Store } from './store.ts';
import { type Collection, collectionKey } from './collection.ts';
import { pageTag } from './etag.ts';
import { type Page, type Pages, START } from './pages.ts';
import type { SyncPoint } from './tokens.ts';

/** What distinguishes a list method from the others. */
export interface Listing {
  readonly collection: Collection;
  /** The collection's current revision. */
  readonly revision: number;
  /** The number of changes of the caller's role in it; 0 if there are no roles. */
  readonly access?: number;
  readonly pageSize: { readonly fallback: number; readonly max: number };
  /** Parameters that cannot be combined with a sync token. */
  readonly notWithToken?: readonly string[];
  /** Parameters that cannot be false with a sync token. */
  readonly trueWithToken?: readonly string[];
  /** Parameters that must have the same value with a sync token as when it was issued. */
  readonly pinned?: readonly string[];
  /** Parameters that a sync token carries over from the list that issued it. */
  readonly carried?: readonly string[];
  /** Parameters with which a list issues no sync token. */
  readonly noToken?: readonly string[];
  /** Whether this list issues sync tokens. True by default. */
  readonly tokens?: boolean;
  /** Returns all items of the list, or the changes since a sync point. `carried` are the token's parameters. */
  readonly items: (since: SyncPoint | undefined, query: URLSearchParams) => Pages<unknown>;
  /** The other fields of the answer. */
  readonly envelope: Readonly<Record<string, unknown>>;
}

/**
 * Answers a list call (https://developers.google.com/workspace/calendar/api/guides/sync). The whole list is frozen when its first
 * page is requested, and the sync token on the last page refers to that moment: changes during paging are in the next incremental
 * list. Throws 400 if parameters contradict the token, 410 if the token has expired.
 */
export function answerList(store: Store, call: Call, listing: Listing): Answer {
  const size = Math.min(pageSize(call.query, listing), store.pageLimit);
  const since = readSince(store, call, listing);
  const query = canonicalQuery(call.query);
  const pageToken = call.query.get('pageToken');
  const position = pageToken
    ? store.tokens.readPageToken(pageToken, call.user, query)
    : { traversal: begin(call, listing, since, query), from: START, afterEmpty: false };
  const { traversal, from, afterEmpty } = position;

  const empty = !afterEmpty && store.random() < store.emptyPages;
  const { items, next }: Page<unknown> = empty ? { items: [], next: from } : traversal.pages(from, size);
  const etag = pageTag(traversal.envelope, items);
  return {
    status: 200,
    etag,
    body: {
      ...traversal.envelope,
      etag,
      items,
      ...(next && { nextPageToken: store.tokens.issuePageToken(traversal, next, empty) }),
      ...(!next &&
        traversal.next && { nextSyncToken: store.tokens.issueSyncToken(traversal.next, listing.collection) }),
    },
  };
}

function begin(call: Call, listing: Listing, since: SyncPoint | undefined, query: string) {
  const effective = new URLSearchParams(call.query);
  for (const name of listing.carried ?? [])
    for (const value of since?.parameters[name] ?? []) effective.append(name, value);
  const gives = listing.tokens !== false && !listing.noToken?.some((name) => call.query.has(name));
  const names = [...(listing.pinned ?? []), ...(listing.carried ?? [])];
  return {
    pages: listing.items(since, effective),
    envelope: listing.envelope,
    query,
    user: call.user,
    ...(gives && {
      next: {
        collection: collectionKey(listing.collection),
        user: call.user,
        revision: listing.revision,
        access: listing.access ?? 0,
        parameters: Object.fromEntries(names.map((name) => [name, valuesOf(effective, name)])),
      },
    }),
  };
}

function readSince(store: Store, call: Call, listing: Listing): SyncPoint | undefined {
  const token = call.query.get('syncToken');
  if (!token) return undefined;
  for (const name of listing.notWithToken ?? [])
    if (call.query.has(name))
      throw invalid(name, `The parameter ${name} cannot be specified together with syncToken.`);
  for (const name of listing.trueWithToken ?? [])
    if (call.query.get(name) === 'false')
      throw invalid(name, `The parameter ${name} cannot be false together with syncToken.`);
  const since = store.tokens.readSyncToken(token, call.user, listing.collection);
  if (since.access !== (listing.access ?? 0)) throw fullSyncRequired();
  for (const name of listing.pinned ?? [])
    if (valuesOf(call.query, name).join('\n') !== (since.parameters[name] ?? []).join('\n'))
      throw invalid(name, `The parameter ${name} must be what it was when the sync token was issued.`);
  return since;
}

function pageSize(query: URLSearchParams, { pageSize: { fallback, max } }: Listing): number {
  const text = query.get('maxResults');
  if (text === null) return fallback;
  if (!/^\d+$/.test(text) || Number(text) < 1) throw invalid('maxResults');
  return Math.min(Number(text), max);
}

/** A parameter with its default value counts as absent. */
const valuesOf = (query: URLSearchParams, name: string): string[] =>
  query
    .getAll(name)
    .filter((value) => value !== 'false')
    .toSorted();

/** Returns what every page of a list must repeat. */
function canonicalQuery(query: URLSearchParams): string {
  const own = [...query].filter(([name]) => name !== 'pageToken' && name !== 'maxResults');
  return JSON.stringify(own.toSorted(([a, x], [b, y]) => a.localeCompare(b) || x.localeCompare(y)));
}
