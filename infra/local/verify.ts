import type { Firestore } from '@google-cloud/firestore';
import * as z from 'zod';
import { compareItems, listItems } from './verify-mirror.ts';
import { checkNumbers, checkReplay, checkStates } from './verify-feed.ts';
import type { AboutWatch, FeedMessage } from './feed.ts';
import { readMirror } from './mirror.ts';
import { collectionKey } from '../../functions/watches/watch-id.ts';
import { WatchSpec } from './watches.ts';

/** The result for one watch. */
export interface WatchVerdict {
  readonly watch: string;
  readonly spec: WatchSpec;
  readonly state: string;
  /** Number of mirrored items. */
  readonly items: number;
  /** Sequence of the latest change. */
  readonly changes: number;
  /** A sentence for each difference; empty if there is none. */
  readonly differences: readonly string[];
}

export interface Verdict {
  readonly watches: readonly WatchVerdict[];
  /** All differences, including those that belong to no watch. */
  readonly differences: readonly string[];
}

interface Verified {
  readonly firestore: Firestore;
  readonly urls: { readonly calendar: string };
  readonly feed: {
    readonly messages: readonly FeedMessage[];
    readonly about: readonly AboutWatch[];
    readonly malformed: readonly Error[];
  };
}

const WatchDocument = z.looseObject({
  spec: WatchSpec,
  status: z
    .looseObject({
      state: z.string(),
      reason: z.string().optional(),
      sync: z.looseObject({ sequence: z.number().int().default(0) }).optional(),
    })
    .optional(),
});

/** In these states a watch is not synced, so that its mirror may differ from the calendar. */
const NOT_SYNCED = new Set(['paused', 'gone', 'removing', 'removed']);

/** With these reasons a watch does not mirror the collection that its spec names. */
const WITHOUT_ITEMS = new Set(['invalidSpec', 'specChanged', 'collectionTaken']);

/**
 * Compares the mirror with the calendar, item by item, and with the feed, change by change. Reads only Firestore, the Calendar API
 * and the feed, like any consumer. Edits made at the same time appear as differences. The items of a watch that is not synced
 * (paused, gone, removed) are compared with the feed only.
 */
export async function verify({ firestore, urls, feed }: Verified): Promise<Verdict> {
  const [documents, mirror] = await Promise.all([
    firestore.collection('watches').get(),
    readMirror(firestore),
  ]);
  const mirrored = Map.groupBy(mirror, collectionKey);
  const messages = Map.groupBy(feed.messages, (message) => message.watchId);
  const about = Map.groupBy(feed.about, (message) => message.watchId);
  const messagesOf = Map.groupBy(feed.messages, ({ calendarId, ...of }) =>
    collectionKey({ ...of, calendarId: calendarId ?? undefined }),
  );
  const watches: WatchVerdict[] = [];
  const claimed = new Set<string>();
  for (const { id, data } of documents.docs.map((document) => ({ id: document.id, data: document.data() }))) {
    const parsed = WatchDocument.safeParse(data);
    // A watch with an invalid spec mirrors nothing.
    if (!parsed.success) continue;
    const { spec, status } = parsed.data;
    const state = status?.state ?? 'new';
    if (WITHOUT_ITEMS.has(status?.reason ?? '')) continue;
    const collection = collectionKey(spec);
    const items = mirrored.get(collection) ?? [];
    claimed.add(collection);
    const changes = status?.sync?.sequence ?? 0;
    const listed = NOT_SYNCED.has(state) ? [] : compareItems(await listItems(urls.calendar, spec), items);
    const numbered = checkNumbers({ watch: id, changes, messages: messages.get(id) ?? [] });
    const stated = checkStates({ state: status?.state ?? 'pending', changes }, about.get(id) ?? []);
    const published = [...numbered, ...stated, ...checkReplay(messagesOf.get(collection) ?? [], items)];
    const differences = [...listed, ...published].map((difference) => `${id}: ${difference}`);
    watches.push({ watch: id, spec, state, items: items.length, changes, differences });
  }
  const strays = [...mirrored]
    .flatMap(([collection, items]) => (claimed.has(collection) ? [] : items))
    .map((item) => `${item.path} belongs to no watch`);
  const malformed = feed.malformed.map((error) => error.message);
  return {
    watches,
    differences: [...watches.flatMap((watch) => watch.differences), ...strays, ...malformed],
  };
}
