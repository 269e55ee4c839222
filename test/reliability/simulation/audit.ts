import { isDeepStrictEqual } from 'node:util';

import type { Item } from '../../../functions/calendar/resources.ts';
import { decodeData } from '../../../functions/mirror/data.ts';
import { hasComputedFields } from '../../support/derived-fields.ts';
import type { Part } from './actors.ts';
import type { Documents, WatchDocument } from './documents.ts';
import type { GoogleChannels } from './google-channels.ts';

/** What must hold of a watch when nothing has failed for some time. */

export interface Violation {
  /** The number of the watch; undefined if it concerns none. */
  readonly watch: number | undefined;
  readonly what: string;
}

/** The final state of a watch, compared with the calendar and the feed. */
export interface Audited {
  readonly problems: readonly string[];
  readonly lost: number;
  readonly orphans: number;
  readonly items: number;
}

type Items = ReadonlyMap<string, Item>;

/** Returns the ids of items that differ. */
const differences = (one: Items, other: Items): readonly string[] =>
  [...new Set([...one.keys(), ...other.keys()])].filter(
    (id) => !isDeepStrictEqual(one.get(id), other.get(id)),
  );

function mirrored(documents: Documents, collection: string): Items {
  const items = new Map<string, Item>();
  for (const [id, { data }] of documents.itemsOf(collection)) items.set(id, decodeData(data, id));
  return items;
}

/** Returns the ids of items that name another watch, or whose derived fields do not match the calendar's time zone. */
const misderived = (
  documents: Documents,
  { holder, collection }: Pick<Part, 'holder' | 'collection'>,
): readonly string[] => {
  const { target, collection: path } = holder.watchSpec;
  const expected = { watch: holder.id, target, timeZone: collection.timeZone() };
  return [...documents.itemsOf(path)].flatMap(([id, document]) =>
    hasComputedFields(document, id, expected) ? [] : [id],
  );
};

/** Checks a watch whose collection another watch has taken over. */
function auditFormer(watch: WatchDocument | undefined): readonly string[] {
  if (watch === undefined || watch.state === 'removed') return [];
  return [`the former watch is ${watch.state} (${String(watch.reason)}), not removed`];
}

export function audit(
  { subject, heir, holder, collection, feed }: Part,
  documents: Documents,
  channels: GoogleChannels,
): Audited {
  const watch = documents.watches.get(holder.id);
  if (watch === undefined)
    return { problems: ['the watch document is missing'], lost: 0, orphans: 0, items: 0 };
  const items = mirrored(documents, subject.watchSpec.collection);
  const former = documents.watches.get((holder === heir ? subject : heir).id);
  const problems = [...auditFormer(former)];
  const check = (what: string, found: readonly unknown[]): number => {
    if (found.length > 0) problems.push(`${what}: ${found.join(', ')}`);
    return found.length;
  };
  const { removed } = watch.spec.ok ? watch.spec.value : {};
  const expected = removed === 'purge' ? new Map<string, Item>() : collection.expected();
  let lost = 0;
  if (removed !== 'keep') lost += check('the mirror differs from the calendar', differences(items, expected));
  if (removed === undefined) {
    check('watch, user, calendar or derived fields are wrong', misderived(documents, { holder, collection }));
  }
  lost += check('the feed differs from the mirror', differences(feed.replayed(), items));
  for (const each of [watch, ...(former ? [former] : [])]) {
    const { id } = each.subject;
    const { sequence } = documents.read(each).sync;
    lost += check(`numbers of ${id} never announced`, feed.holes(id, sequence));
    check(`changes of ${id} never announced`, [...documents.below(id).outbox.keys()]);
    const [states, said] = [documents.owed(id), feed.about(id)];
    if (!isDeepStrictEqual(states, said))
      problems.push(`about ${id} was said ${said.join(', ')}, but it was ${states.join(', ')}`);
    if (feed.highest(id) > sequence) problems.push(`the feed has numbers beyond that of ${id}`);
  }
  const live = channels.live(subject);
  const served = removed === undefined ? [watch.channel?.id] : [];
  const orphans = check(
    'channels that no watch has',
    live.filter((id) => !served.includes(id)),
  );
  const state = removed === undefined ? (subject.pushable ? 'active' : 'polling') : 'removed';
  if (watch.state !== state) problems.push(`it is ${watch.state} (${String(watch.reason)}), not ${state}`);
  return { problems, lost, orphans, items: items.size };
}
