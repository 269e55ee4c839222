import type { Store } from '../state/store.ts';
import type { CalendarRecord } from '../state/records.ts';
import type { EventFields } from '../state/event-fields.ts';
import { exceptionsOf } from './instances.ts';
import { stamp } from './invitations.ts';
import { type StoredEvent, isCancelled, plainEvent } from '../state/stored-event.ts';

/**
 * The visibility of recurring events, as the API has it since 7 July 2026
 * (https://developers.google.com/workspace/calendar/api/v3/reference/events, `visibility`): a stricter visibility of an
 * occurrence applies to its whole series, a laxer one is ignored.
 */

type Visibility = EventFields['visibility'];

/** How much each visibility hides. `confidential` means `private`; other software uses that name. */
const strictness = { public: 0, default: 1, private: 2, confidential: 2 };

const isStricter = (a: Visibility, b: Visibility): boolean =>
  strictness[a ?? 'default'] > strictness[b ?? 'default'];

/** Returns the visibility after a write: the requested one, except that an occurrence never becomes laxer. */
export function visibilityAfter(before: StoredEvent, asked: Visibility): Visibility {
  const own = before.fields.visibility;
  return before.recurringEventId === undefined || isStricter(asked, own) ? asked : own;
}

/** Raises the visibility of a series and its exceptions to a stricter one. */
export function restrictSeries(
  store: Store,
  calendar: CalendarRecord,
  seriesId: string,
  visibility: Visibility,
): void {
  const series = calendar.events.get(seriesId)?.value;
  for (const event of [...(series ? [series] : []), ...exceptionsOf(calendar, seriesId)]) {
    if (isCancelled(event) || !isStricter(visibility, event.fields.visibility)) continue;
    const fields = { ...event.fields, visibility };
    calendar.events.put(event.id, { ...plainEvent(event), fields, updated: stamp(store, event) });
  }
}
