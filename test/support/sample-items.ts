import type { Item } from '../../functions/calendar/resources.ts';
import type { MirroredItem } from '../../functions/mirror/items.ts';

/** Items as Google returns them and as the mirror stores them, for tests of pages. */

export const event = (id: string, more: object = {}): Item => ({
  id,
  etag: '"1"',
  status: 'confirmed',
  ...more,
});
export const SERIES = event('series', { recurrence: ['RRULE:FREQ=DAILY'] });
export const occurrence = (id: string, more: object = {}): Item =>
  event(id, { recurringEventId: 'series', ...more });

/** Returns mirrored items, as sync would have stored them. */
export function mirror(...items: readonly Item[]): Map<string, MirroredItem> {
  return new Map(
    items.map((item) => {
      const etag = typeof item['etag'] === 'string' ? item['etag'] : null;
      return [item.id, { item, etag, omitted: [], sequence: 1, beside: {} }];
    }),
  );
}
