import type { DocumentData } from '@google-cloud/firestore';

import { seriesEnd } from '../../functions/calendar/recurrence/occurrences.ts';
import { hasFields, readDocument } from '../../functions/mirror/items.ts';
import { eventFields } from '../../functions/sync/event-fields.ts';

/** Returns whether a mirrored event's derived fields are those of its `data` in the calendar's time zone. */
export function hasDerivedFields(document: DocumentData, id: string, timeZone: string): boolean {
  const found = readDocument(document, id);
  return found !== undefined && hasFields(found, eventFields(found.item, timeZone, seriesEnd));
}
