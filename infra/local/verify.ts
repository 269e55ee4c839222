import type { Firestore } from '@google-cloud/firestore';
import * as z from 'zod';
import { compareItems, listItems } from './verify-mirror.ts';
import { checkFeed } from './verify-feed.ts';
import type { FeedMessage } from './feed.ts';
import { readMirror } from './mirror.ts';
import { collectionKey } from '../../functions/mirror/watch-id.ts';
import { WatchSpec } from './watches.ts';

/** What was found out about one watch. */
export interface WatchVerdict {
  readonly watch: string;
  readonly spec: WatchSpec;
  readonly state: string;
  /** How many items are mirrored. */
  readonly items: number;
  /** The number of the latest change. */
  readonly changes: number;
  /** One sentence for each thing that is not as it should be; empty when all is well. */
  readonly differences: readonly string[];
}

export interface Verdict {
  readonly watches: readonly WatchVerdict[];
  /** Every difference there is, with those that belong to no watch. */
  readonly differences: readonly string[];
}

interface Verified {
  readonly firestore: Firestore;
  readonly urls: { readonly calendar: string };
  readonly feed: { readonly messages: readonly FeedMessage[]; readonly malformed: readonly Error[] };
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

/** In these states the mirror is what it was when it could last be told what is true. */
const STANDING_STILL = new Set(['paused', 'gone', 'removing', 'removed']);

/** For these reasons a watch has no part in the collection that its spec names. */
const WITHOUT_ITEMS = new Set(['invalidSpec', 'specChanged', 'collectionTaken']);

/**
 * Whether the mirror is the calendar, item by item, and the feed is the mirror's history, change by change.
 * Reads Firestore, the Calendar API and the feed as anybody could, and knows nothing of how they came about.
 * Compares what is there now: whoever edits meanwhile finds differences. What a watch that stands still (paused,
 * gone, removed) has mirrored is compared with the feed alone.
 */
export async function verify({ firestore, urls, feed }: Verified): Promise<Verdict> {
  const [documents, mirror] = await Promise.all([
    firestore.collection('watches').get(),
    readMirror(firestore),
  ]);
  const mirrored = Map.groupBy(mirror, collectionKey);
  const messages = Map.groupBy(feed.messages, (message) => message.watchId);
  const watches: WatchVerdict[] = [];
  for (const { id, data } of documents.docs.map((document) => ({ id: document.id, data: document.data() }))) {
    const parsed = WatchDocument.safeParse(data);
    // A spec that cannot be read is somebody's slip, and nothing is mirrored for it.
    if (!parsed.success) continue;
    const { spec, status } = parsed.data;
    const state = status?.state ?? 'new';
    if (WITHOUT_ITEMS.has(status?.reason ?? '')) continue;
    const items = mirrored.get(collectionKey(spec)) ?? [];
    mirrored.delete(collectionKey(spec));
    const changes = status?.sync?.sequence ?? 0;
    const told = messages.get(id) ?? [];
    const listed = STANDING_STILL.has(state) ? [] : compareItems(await listItems(urls.calendar, spec), items);
    const announced = checkFeed({ watch: id, changes, messages: told, items });
    const differences = [...listed, ...announced].map((difference) => `${id}: ${difference}`);
    watches.push({ watch: id, spec, state, items: items.length, changes, differences });
  }
  const strays = [...mirrored.values()].flat().map((item) => `${item.path} belongs to no watch`);
  const malformed = feed.malformed.map((error) => error.message);
  return {
    watches,
    differences: [...watches.flatMap((watch) => watch.differences), ...strays, ...malformed],
  };
}
