import { isDeepStrictEqual } from 'node:util';

import type { Item } from '../../functions/calendar/resources.ts';
import { decodeData } from '../../functions/mirror/data.ts';
import type { Collection } from './collection.ts';
import type { Documents } from './documents.ts';
import type { FeedReader } from './feed.ts';
import type { GoogleChannels } from './google-channels.ts';
import type { Subject } from './subject.ts';

/** What must hold of a watch when nothing has failed for some time. */

export interface Violation {
  /** The number of the watch; undefined when it concerns none. */
  readonly watch: number | undefined;
  readonly what: string;
}

/** What a watch has come to. */
export interface Audited {
  readonly problems: readonly string[];
  readonly lost: number;
  readonly orphans: number;
  readonly items: number;
}

type Items = ReadonlyMap<string, Item>;

/** The ids of what differs. */
const differences = (one: Items, other: Items): readonly string[] =>
  [...new Set([...one.keys(), ...other.keys()])].filter(
    (id) => !isDeepStrictEqual(one.get(id), other.get(id)),
  );

function mirrored(documents: Documents, collection: string): Items {
  const items = new Map<string, Item>();
  for (const [id, { data }] of documents.itemsOf(collection)) items.set(id, decodeData(data, id));
  return items;
}

export function audit(
  subject: Subject,
  documents: Documents,
  collection: Collection,
  channels: GoogleChannels,
  feed: FeedReader,
): Audited {
  const watch = documents.watches.get(subject.id);
  if (watch === undefined) return { problems: ['the watch is gone'], lost: 0, orphans: 0, items: 0 };
  const items = mirrored(documents, subject.wish.collection);
  const problems: string[] = [];
  const check = (what: string, found: readonly unknown[]): number => {
    if (found.length > 0) problems.push(`${what}: ${found.join(', ')}`);
    return found.length;
  };
  const { removed } = watch.spec.ok ? watch.spec.wish : {};
  const expected = removed === 'purge' ? new Map<string, Item>() : collection.expected();
  let lost = 0;
  if (removed !== 'keep') lost += check('the mirror differs from the calendar', differences(items, expected));
  lost += check('the feed differs from the mirror', differences(feed.replayed(), items));
  lost += check('numbers never announced', feed.holes(watch.sync.sequence));
  check('changes never announced', [...watch.outbox.keys()]);
  if (feed.count() > watch.sync.sequence) problems.push('the feed has numbers that the watch does not know');
  const live = channels.live(subject);
  const served = removed === undefined ? [watch.channel?.id] : [];
  const orphans = check(
    'channels that nobody knows',
    live.filter((id) => !served.includes(id)),
  );
  const state = removed === undefined ? (subject.pushable ? 'active' : 'polling') : 'removed';
  if (watch.state !== state) problems.push(`it is ${watch.state} (${String(watch.reason)}), not ${state}`);
  return { problems, lost, orphans, items: items.size };
}
