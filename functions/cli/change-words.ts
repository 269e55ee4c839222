import { isDeepStrictEqual } from 'node:util';

import type { Change } from '../feed/change.ts';
import { attendeeWords, eventName, shown, timeWords } from './event-words.ts';
import { printable } from './terminal.ts';

/** A change in words: `"Review" moved from 10:00 to 11:00`. Pure. */

type Fields = Readonly<Record<string, unknown>>;

/** What Google changes with every edit, and what says nothing beside what else is told. */
const SILENT = new Set(['kind', 'id', 'etag', 'updated', 'sequence', 'htmlLink', 'iCalUID', 'created']);
/** Told in words of their own. */
const EVENT_FIELDS = new Set([
  ...SILENT,
  'start',
  'end',
  'summary',
  'attendees',
  'status',
  'attendeesOmitted',
]);

const quoted = (value: unknown): string => `“${shown(value)}”`;

const isShort = (value: unknown): boolean =>
  value === undefined ||
  typeof value === 'number' ||
  typeof value === 'boolean' ||
  (typeof value === 'string' && value.length <= 40);

/** One field's difference. What is long or nested is only named. */
function fieldWords(name: string, before: unknown, after: unknown): string {
  if (!isShort(before) || !isShort(after)) {
    return `${name} ${before === undefined ? 'added' : after === undefined ? 'removed' : 'changed'}`;
  }
  if (before === undefined) return `${name} set to ${shown(after)}`;
  if (after === undefined) return `${name} removed (was ${shown(before)})`;
  return `${name} changed from ${shown(before)} to ${shown(after)}`;
}

/** The differences of all fields but those in `except`, in the order of their names. */
function otherWords(before: Fields, after: Fields, except: ReadonlySet<string>): readonly string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].toSorted();
  return names
    .filter((name) => !except.has(name) && !isDeepStrictEqual(before[name], after[name]))
    .map((name) => fieldWords(printable(name), before[name], after[name]));
}

function statusWords(before: unknown, after: unknown): readonly string[] {
  if (before === after) return [];
  if (after === 'cancelled') return ['cancelled'];
  if (before === 'cancelled') return ['back again'];
  return after === undefined ? [] : [`now ${shown(after)}`];
}

function eventUpdate(before: Fields, after: Fields): readonly string[] {
  const isCancelled = after['status'] === 'cancelled';
  // Of what is cancelled Google may send hardly any field: the others were not edited.
  if (isCancelled) return statusWords(before['status'], after['status']);
  return [
    ...(before['summary'] === after['summary'] ? [] : [`renamed from ${quoted(before['summary'] ?? '')}`]),
    ...timeWords(before, after),
    ...statusWords(before['status'], after['status']),
    ...attendeeWords(before['attendees'], after['attendees']),
    ...otherWords(before, after, EVENT_FIELDS),
  ];
}

/** What an item is called. */
function nameOf({ resource, itemId }: Change, item: Fields): string {
  switch (resource) {
    case 'events':
      return eventName(item, itemId);
    case 'acl': {
      const { scope } = item;
      const value = typeof scope === 'object' && scope !== null && 'value' in scope ? scope.value : undefined;
      return shown(value ?? itemId);
    }
    case 'calendarList':
      return quoted(item['summaryOverride'] ?? item['summary'] ?? itemId);
    case 'settings':
      return shown(itemId);
  }
}

function updateWords(resource: Change['resource'], before: Fields, after: Fields): readonly string[] {
  switch (resource) {
    case 'events':
      return eventUpdate(before, after);
    case 'acl':
      return [
        ...(before['role'] === after['role']
          ? []
          : [`now ${shown(after['role'])} (was ${shown(before['role'])})`]),
        ...otherWords(before, after, new Set([...SILENT, 'role'])),
      ];
    case 'settings':
      return [`changed from ${shown(before['value'])} to ${shown(after['value'])}`];
    case 'calendarList':
      return otherWords(before, after, SILENT);
  }
}

/** What there is to say of an item that has come. */
function arrivalWords(resource: Change['resource'], item: Fields): string {
  switch (resource) {
    case 'events':
      return timeWords({}, item)
        .map((words) => ` ${words}`)
        .join('');
    case 'acl':
      return ` as ${shown(item['role'])}`;
    case 'settings':
      return ` is ${shown(item['value'])}`;
    case 'calendarList':
      return '';
  }
}

/** The difference in words, on one line that a terminal takes for nothing else. */
export function changeWords(change: Change): string {
  const { resource, before, after, omitted } = change;
  // Of a cancelled event hardly more than the id may be left.
  const name = nameOf(
    change,
    after?.['status'] === 'cancelled' ? { ...before, ...after } : (after ?? before ?? {}),
  );
  const without = omitted === undefined ? '' : ` (without ${omitted.map(printable).join(', ')}, too large)`;
  switch (change.change) {
    case 'snapshot':
    case 'created':
      return `${name}${after ? arrivalWords(resource, after) : ''}${without}`;
    case 'deleted':
      return `${name} deleted${without}`;
    case 'updated': {
      const words = before && after ? updateWords(resource, before, after) : [];
      return `${name} ${words.length > 0 ? words.join(', ') : 'changed'}${without}`;
    }
  }
}
