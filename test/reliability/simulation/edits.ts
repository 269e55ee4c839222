import type { Item, Resource } from '../../../functions/calendar/resources.ts';
import type { Collection } from './collection.ts';
import { pick, type Random } from './random.ts';

/** Edits of a calendar: simple items, few in each collection. */

const MOST_ITEMS = 8;

interface Editor {
  readonly collection: Collection;
  readonly random: Random;
  readonly now: number;
  /** A number that no other edit has. */
  readonly number: number;
}

const moment = (now: number, hours: number) => ({
  dateTime: new Date(now + hours * 3_600_000).toISOString(),
});

const day = (now: number, days: number): string =>
  new Date(now + days * 86_400_000).toISOString().slice(0, 10);

function fresh(resource: Resource, { random, now, number }: Editor): Item {
  const etag = `"${String(number)}"`;
  const name = `${resource.toLowerCase()}${String(number)}`;
  switch (resource) {
    case 'events': {
      const recurs = random() < 0.2 ? { recurrence: ['RRULE:FREQ=WEEKLY'] } : {};
      const times =
        random() < 0.3
          ? { start: { date: day(now, 1) }, end: { date: day(now, 2) } }
          : { start: moment(now, 24), end: moment(now, 25) };
      return { id: name, etag, status: 'confirmed', summary: `Event ${String(number)}`, ...times, ...recurs };
    }
    case 'acl':
      return { id: `user:${name}@example.com`, etag, role: 'reader' };
    case 'calendarList':
      return { id: `${name}@example.com`, etag, summary: `Calendar ${String(number)}` };
    case 'settings':
      return { id: name, etag, value: String(number) };
  }
}

function changed(resource: Resource, item: Item, { random, number }: Editor): Item {
  const etag = `"${String(number)}"`;
  switch (resource) {
    case 'events': {
      // An edit of reminders changes neither `updated` nor the etag.
      if (random() < 0.1) return { ...item, reminders: { useDefault: false, number } };
      return { ...item, etag, summary: `Event ${String(number)}` };
    }
    case 'acl':
      return { ...item, etag, role: pick(random, ['reader', 'writer', 'owner']) };
    case 'calendarList':
      return { ...item, etag, colorId: String(number) };
    case 'settings':
      return { ...item, etag, value: String(number) };
  }
}

/** Returns the tombstone of an item: of an event with or without its details. */
function gone(resource: Resource, item: Item, { random, number }: Editor): Item {
  const etag = `"${String(number)}"`;
  switch (resource) {
    case 'events': {
      if (random() < 0.5) return { ...item, etag, status: 'cancelled' };
      // Of an occurrence, a tombstone still names the series and the original start.
      const { recurringEventId, originalStartTime } = item;
      const occurrence = recurringEventId === undefined ? {} : { recurringEventId, originalStartTime };
      return { id: item.id, etag, status: 'cancelled', ...occurrence };
    }
    case 'acl':
      return { ...item, etag, role: 'none' };
    case 'calendarList':
      return { id: item.id, etag, deleted: true };
    case 'settings':
      return { ...item, etag, value: 'default' };
  }
}

/** Returns an exception of a series: moved, or cancelled with only the fields that Google guarantees. */
function exception({ id }: Item, { random, now, number }: Editor): Item {
  const start = moment(now, 24 * Math.floor(random() * 50));
  const ids = {
    id: `${id}_${String(number)}`,
    etag: `"${String(number)}"`,
    recurringEventId: id,
    originalStartTime: start,
  };
  return random() < 0.5
    ? { ...ids, status: 'cancelled' }
    : { ...ids, status: 'confirmed', summary: 'moved', start };
}

function remove(resource: Resource, item: Item, editor: Editor): void {
  const { collection, random, now } = editor;
  // Google deletes the exceptions with their series, and does not always list each of them.
  const silent = random() < 0.5;
  for (const each of collection.exceptionsOf(item.id)) {
    if (silent) collection.forget(each.id);
    else collection.put({ ...each, status: 'cancelled' }, now);
  }
  collection.put(gone(resource, item, editor), now);
}

/** Makes one edit. Returns what it was; undefined for an edit without a notification. */
export function edit(resource: Resource, editor: Editor): string | undefined {
  const { collection, random, now } = editor;
  const live = collection.live();
  const which = random();
  if (live.length === 0 || (which < 0.35 && live.length < MOST_ITEMS)) {
    const item = fresh(resource, editor);
    collection.put(item, now);
    return `created ${item.id}`;
  }
  const item = pick(random, live);
  if (which < 0.55) {
    remove(resource, item, editor);
    return `deleted ${item.id}`;
  }
  if (resource === 'calendarList' && which < 0.65) {
    collection.putQuietly({ ...item, description: String(editor.number) });
    return undefined;
  }
  if ('recurrence' in item && which < 0.75) {
    const occurrence = exception(item, editor);
    collection.put(occurrence, now);
    return `excepted ${occurrence.id}`;
  }
  collection.put(changed(resource, item, editor), now);
  return `changed ${item.id}`;
}
