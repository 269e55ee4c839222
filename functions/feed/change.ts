import { createHash } from 'node:crypto';

import * as z from 'zod';

import { envelope, type OutgoingMessage } from './envelope.ts';
import { RESOURCES } from '../calendar/resources.ts';

/** Messages of the topic `calendar-changes`, one for each difference in the mirror. */

export const CHANGES = ['created', 'updated', 'deleted', 'snapshot'] as const;

/** Not a `z.record`, which would drop the key `__proto__` of an item. */
const itemSchema = z
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
  kinds: z
    .array(z.string())
    .default([])
    .describe('What the change means, such as `moved`. A later version may have more kinds.'),
  sequence: z.number().int().positive().describe('Per watch, from 1, without gaps.'),
  before: itemSchema.describe(
    'The item as Google returned it before; null if there was none or it was left out.',
  ),
  after: itemSchema.describe('The item as Google returns it now; null if it was deleted.'),
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

/** Returns the attribute of each kind: a filter can test whether a message has an attribute, not whether one contains a word. */
const kindAttributes = ({ kinds }: Change): Readonly<Record<string, string>> =>
  Object.fromEntries(kinds.map((kind) => [`kind_${kind}`, 'true']));

/**
 * Returns the message of a change. `documentPath` is the path of the item in the mirror, which may be deleted; `replay` is the id of the
 * replay that it belongs to.
 */
export function changeMessage(
  change: Change,
  documentPath: string,
  replay: string | null = null,
): OutgoingMessage {
  const { watchId, user, resource, calendarId: calendar, itemId: item } = change;
  const sequence = String(change.sequence);
  return envelope({
    id: `${watchId}/${sequence}`,
    type: `calendar.${resource}.${change.change}`,
    kind: 'change',
    watchId,
    subject: documentPath,
    time: change.occurredAt,
    orderingKey: `${watchId}/${String(shardOf(item))}`,
    attributes: {
      user,
      resource,
      calendar,
      item,
      change: change.change,
      sequence,
      replay,
      ...kindAttributes(change),
    },
    data: change,
  });
}
