import { createHash } from 'node:crypto';

import * as z from 'zod';

import { envelope, type OutgoingMessage } from './envelope.ts';
import { RESOURCES } from '../calendar/resources.ts';

/** Messages of the topic `calendar-changes`, one for each difference in the mirror. */

export const CHANGES = ['created', 'updated', 'deleted', 'snapshot'] as const;

/** Not a `z.record`, which would drop the key `__proto__` of an item. */
const item = z
  .custom<Readonly<Record<string, unknown>>>((value) => typeof value === 'object' && !Array.isArray(value))
  .meta({ type: 'object' })
  .nullable();

export const changeSchema = z.object({
  watchId: z.string(),
  user: z.string(),
  resource: z.enum(RESOURCES),
  calendarId: z.string().nullable(),
  itemId: z.string(),
  change: z.enum(CHANGES),
  sequence: z.number().int().positive().describe('Per watch, from 1, without gaps.'),
  before: item.describe('The item as Google returned it before; null if there was none or it was left out.'),
  after: item.describe('The item as Google returns it now; null if it was deleted.'),
  occurredAt: z.string().describe('ISO 8601: when sync found the change.'),
  omitted: z
    .array(z.string())
    .optional()
    .describe('What was left out for its size: `before`, or top-level fields of the items.'),
});

export type Change = z.infer<typeof changeSchema>;

const SHARDS = 16;

/** Returns the shard (0 to 15) of an item: changes of a watch are ordered within a shard. */
export function shardOf(itemId: string): number {
  return (createHash('sha256').update(itemId).digest()[0] ?? 0) % SHARDS;
}

/**
 * Returns the message of a change. `documentPath` is the path of the item in the mirror, which may be deleted; `replay` is the id of the
 * replay that it belongs to.
 */
export function changeMessage(
  change: Change,
  documentPath: string,
  replay: string | null = null,
): OutgoingMessage {
  return envelope({
    id: `${change.watchId}/${String(change.sequence)}`,
    type: `calendar.${change.resource}.${change.change}`,
    kind: 'change',
    watchId: change.watchId,
    subject: documentPath,
    time: change.occurredAt,
    orderingKey: `${change.watchId}/${String(shardOf(change.itemId))}`,
    attributes: {
      watch: change.watchId,
      user: change.user,
      resource: change.resource,
      calendar: change.calendarId,
      item: change.itemId,
      change: change.change,
      sequence: String(change.sequence),
      replay,
    },
    data: change,
  });
}
