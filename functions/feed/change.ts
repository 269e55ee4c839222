import { createHash } from 'node:crypto';

import * as z from 'zod';

import { RESOURCES } from '../calendar/resources.ts';
import { envelope, type OutgoingMessage } from './envelope.ts';

/** Messages of the topic `calendar-changes`: one difference in the mirror each. */

export const CHANGES = ['created', 'updated', 'deleted', 'snapshot'] as const;

/** Not a `z.record`, which drops the key `__proto__`: in an item it is a key like any other. */
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
  before: item.describe(
    'The item as Google returned it before, or null where there was none or it was left out.',
  ),
  after: item.describe('The item as Google returns it now, or null where it is gone.'),
  occurredAt: z.string().describe('ISO 8601: when the mirror took the change up.'),
  omitted: z
    .array(z.string())
    .optional()
    .describe('What was too large and is left out: `before`, or top-level fields of the items.'),
});

export type Change = z.infer<typeof changeSchema>;

const SHARDS = 16;

/** Which of a watch's sixteen ordered streams an item's changes travel in: a number from 0 to 15. */
export function shardOf(itemId: string): number {
  return (createHash('sha256').update(itemId).digest()[0] ?? 0) % SHARDS;
}

/** The message for one change. `documentPath` is where the item is (or was) in the mirror. */
export function changeMessage(change: Change, documentPath: string): OutgoingMessage {
  return envelope({
    id: `${change.watchId}/${String(change.sequence)}`,
    type: `calendar.${change.resource}.${change.change}`,
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
    },
    data: change,
  });
}
