import type { DocumentData } from '@google-cloud/firestore';

import { seriesEnd } from '../../functions/calendar/recurrence/occurrences.ts';
import type { Target } from '../../functions/calendar/resources.ts';
import { hasFields, provenanceOf, readDocument } from '../../functions/mirror/items.ts';
import { eventFields } from '../../functions/sync/event-fields.ts';

/** Returns whether a document names its watch, user and calendar, and has derived fields that match its `data` in the calendar's time zone. */
export function hasComputedFields(
  document: DocumentData,
  id: string,
  { watch, target, timeZone }: { readonly watch: string; readonly target: Target; readonly timeZone: string },
): boolean {
  const found = readDocument(document, id);
  if (found === undefined || !hasFields(found, provenanceOf(watch, target, id))) return false;
  return target.resource !== 'events' || hasFields(found, eventFields(found.item, timeZone, seriesEnd));
}
