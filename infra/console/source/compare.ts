/** Compares a week out of the mirror with Google's answer, event by event. Pure. */
import { withMoments } from '../../../functions/calendar/event-times.ts';
import { differingFields } from '../../../functions/feed/differences.ts';
import { differencesOf, type Difference } from '../model/diff.ts';
import type { Comparison, Event, EventDifference } from '../model/week.ts';

/** An event of the mirror. */
export interface Mirrored {
  readonly event: Event;
  /** Whether the agenda computed it from its series, rather than found it as an item. */
  readonly computed: boolean;
  /** Fields that were too large for its document. */
  readonly omitted: readonly string[];
}

/**
 * Fields of an occurrence that are not in its series: the link contains the occurrence's own id. Whatever else Google lists of it is
 * compared.
 */
const OF_OCCURRENCE = ['htmlLink'];

/** Returns how the sides compare. Events are paired by id. */
export function compareWeek(listed: readonly Event[], mirrored: readonly Mirrored[]): Comparison {
  const rest = new Map(mirrored.map((each) => [each.event.id, each]));
  const differences: EventDifference[] = [];
  for (const event of listed) {
    const copy = rest.get(event.id);
    rest.delete(event.id);
    if (copy === undefined) {
      differences.push({ id: event.id, kind: 'onlyInGoogle', fields: [] });
      continue;
    }
    const fields = fieldsOf(event, copy);
    if (fields.length > 0) differences.push({ id: event.id, kind: 'differs', fields });
  }
  for (const id of rest.keys()) differences.push({ id, kind: 'onlyInMirror', fields: [] });
  const total = listed.length + rest.size;
  return { total, equal: total - differences.length, differences };
}

/**
 * Returns the leaves that differ. Empty lists and maps have none, so that such a field is named as a whole. The agenda writes times with
 * the offset of the event's zone, Google with that of the calendar's.
 */
function fieldsOf(event: Event, { event: copy, computed, omitted }: Mirrored): readonly Difference[] {
  const ignored = new Set([...omitted, ...(computed ? OF_OCCURRENCE : [])]);
  const [before, after] = computed ? [withMoments(event), withMoments(copy)] : [event, copy];
  const names = differingFields({ before, after }).filter((name) => !ignored.has(name));
  return names.flatMap((name) => {
    const [old, now] = [before[name], after[name]];
    const leaves = differencesOf({ [name]: old }, { [name]: now }).filter(
      (leaf) => leaf.before !== undefined || leaf.after !== undefined,
    );
    return leaves.length > 0 ? leaves : [{ path: name, before: textOf(old), after: textOf(now) }];
  });
}

const textOf = (value: unknown): string | undefined =>
  value === undefined ? undefined : JSON.stringify(value);
