import type { Item } from '../../functions/calendar/resources.ts';
import type { MirroredItem } from '../../functions/mirror/items.ts';

/** Items as Google returns them and as the mirror has them, for tests of what a page means. */

export const event = (id: string, more: object = {}): Item => ({
  id,
  etag: '"1"',
  status: 'confirmed',
  ...more,
});
export const SERIES = event('series', { recurrence: ['RRULE:FREQ=DAILY'] });
export const occurrence = (id: string, more: object = {}): Item =>
  event(id, { recurringEventId: 'series', ...more });

/** What the mirror has of items, as sync would have put it there. */
export function mirror(...items: readonly Item[]): Map<string, MirroredItem> {
  return new Map(
    items.map((item) => {
      const etag = typeof item['etag'] === 'string' ? item['etag'] : null;
      return [item.id, { item, etag, omitted: [] }];
    }),
  );
}
