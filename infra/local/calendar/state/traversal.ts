import type { Answer, Call } from '../http.ts';
import { fullSyncRequired, invalid } from '../refusals.ts';
import type { Store } from '../store.ts';
import { type Collection, collectionKey } from './collection.ts';
import { contentTag } from './etag.ts';
import type { SyncPoint } from './tokens.ts';

/** How one list method differs from the others. */
export interface Listing {
  readonly collection: Collection;
  /** The collection's revision now. */
  readonly revision: number;
  /** How often the caller's role in it has changed; 0 where there are no roles. */
  readonly access?: number;
  readonly pageSize: { readonly fallback: number; readonly max: number };
  /** Parameters that cannot be given together with a sync token. */
  readonly notWithToken?: readonly string[];
  /** Parameters that cannot be false together with a sync token. */
  readonly trueWithToken?: readonly string[];
  /** Parameters that must be, with a sync token, what they were when it was issued. */
  readonly pinned?: readonly string[];
  /** Parameters that a sync token brings along from the list that it was issued for. */
  readonly carried?: readonly string[];
  /** Parameters with which a list gives no sync token at all. */
  readonly noToken?: readonly string[];
  /** Whether this list gives sync tokens; true by default. */
  readonly tokens?: boolean;
  /** All items of the list: everything, or what has changed since the point. `carried` are the token's parameters. */
  readonly items: (since: SyncPoint | undefined, query: URLSearchParams) => readonly unknown[];
  /** The other fields of the answer. */
  readonly envelope: Readonly<Record<string, unknown>>;
}

/** Query parameters that belong to every method and say nothing about the list ("Standard query parameters"). */
const general = new Set([
  'alt',
  'fields',
  'key',
  'prettyPrint',
  'quotaUser',
  'userIp',
  'oauth_token',
  'access_token',
]);

/**
 * Answers a list call ("Synchronize resources efficiently"). The whole list is frozen when its first page is
 * asked for, and the sync token on the last page covers from there: what changes while a client turns
 * pages comes with the next incremental list. Throws 400 on parameters that contradict the token, 410 on an expired one.
 */
export function answerList(store: Store, call: Call, listing: Listing): Answer {
  const size = Math.min(pageSize(call.query, listing), store.pageLimit);
  const since = readSince(store, call, listing);
  const query = canonicalQuery(call.query);
  const pageToken = call.query.get('pageToken');
  const position = pageToken
    ? store.tokens.readPageToken(pageToken, call.user, query)
    : { traversal: begin(call, listing, since, query), offset: 0, afterEmpty: false };
  const { traversal, offset, afterEmpty } = position;

  const empty = !afterEmpty && store.random() < store.emptyPages;
  const end = empty ? offset : offset + size;
  const items = traversal.items.slice(offset, end);
  const more = empty || end < traversal.items.length;
  const etag = contentTag({ envelope: traversal.envelope, items });
  return {
    status: 200,
    etag,
    body: {
      ...traversal.envelope,
      etag,
      items,
      ...(more && { nextPageToken: store.tokens.issuePageToken(traversal, end, empty) }),
      ...(!more &&
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
    items: listing.items(since, effective),
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

/** A parameter that says what is the default anyway counts as not given. */
const valuesOf = (query: URLSearchParams, name: string): string[] =>
  query
    .getAll(name)
    .filter((value) => value !== 'false')
    .toSorted();

function canonicalQuery(query: URLSearchParams): string {
  const own = [...query].filter(
    ([name]) => !general.has(name) && name !== 'pageToken' && name !== 'maxResults',
  );
  return JSON.stringify(own.toSorted(([a, x], [b, y]) => a.localeCompare(b) || x.localeCompare(y)));
}
