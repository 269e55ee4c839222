import { isDeepStrictEqual } from 'node:util';

import type { Change } from '../../../functions/feed/change.ts';
import { formatTimes } from './event-times.ts';
import { formatAttendees, eventName, formatValue } from './event.ts';
import { printable } from '../../terminal/output.ts';

/** Descriptions of changes: `“Review” moved from 10:00 to 11:00`. Pure. */

type Fields = Readonly<Record<string, unknown>>;

/** Fields that change with every edit, or say nothing that others do not. */
const IGNORED = new Set(['kind', 'id', 'etag', 'updated', 'sequence', 'htmlLink', 'iCalUID', 'created']);
/** Fields with a description of their own. */
const EVENT_FIELDS = new Set([
  ...IGNORED,
  'start',
  'end',
  'summary',
  'attendees',
  'status',
  'attendeesOmitted',
]);

const quoted = (value: unknown): string => `“${formatValue(value)}”`;

const isShort = (value: unknown): boolean =>
  value === undefined ||
  typeof value === 'number' ||
  typeof value === 'boolean' ||
  (typeof value === 'string' && value.length <= 40);

/** Describes a changed field. Long and nested values are left out. */
function formatField(name: string, before: unknown, after: unknown): string {
  if (!isShort(before) || !isShort(after)) {
    return `${name} ${before === undefined ? 'added' : after === undefined ? 'removed' : 'changed'}`;
  }
  if (before === undefined) return `${name} set to ${formatValue(after)}`;
  if (after === undefined) return `${name} removed (was ${formatValue(before)})`;
  return `${name} changed from ${formatValue(before)} to ${formatValue(after)}`;
}

/** Describes all changed fields but those in `except`, ordered by name. */
function formatFields(before: Fields, after: Fields, except: ReadonlySet<string>): readonly string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].toSorted();
  return names
    .filter((name) => !except.has(name) && !isDeepStrictEqual(before[name], after[name]))
    .map((name) => formatField(printable(name), before[name], after[name]));
}

function formatStatus(before: unknown, after: unknown): readonly string[] {
  if (before === after) return [];
  if (after === 'cancelled') return ['cancelled'];
  if (before === 'cancelled') return ['restored'];
  return after === undefined ? [] : [`now ${formatValue(after)}`];
}

function formatEventUpdate(before: Fields, after: Fields, timeZone: string): readonly string[] {
  const isCancelled = after['status'] === 'cancelled';
  // Google may leave out most fields of a cancelled event: they were not edited.
  if (isCancelled) return formatStatus(before['status'], after['status']);
  return [
    ...(before['summary'] === after['summary'] ? [] : [`renamed from ${quoted(before['summary'] ?? '')}`]),
    ...formatTimes(before, after, timeZone),
    ...formatStatus(before['status'], after['status']),
    ...formatAttendees(before['attendees'], after['attendees']),
    ...formatFields(before, after, EVENT_FIELDS),
  ];
}

/** Returns the name of an item. */
function nameOf({ resource, itemId }: Change, item: Fields): string {
  switch (resource) {
    case 'events':
      return eventName(item, itemId);
    case 'acl': {
      const { scope } = item;
      const value = typeof scope === 'object' && scope !== null && 'value' in scope ? scope.value : undefined;
      return formatValue(value ?? itemId);
    }
    case 'calendarList':
      return quoted(item['summaryOverride'] ?? item['summary'] ?? itemId);
    case 'settings':
      return formatValue(itemId);
  }
}

function formatUpdate(
  resource: Change['resource'],
  before: Fields,
  after: Fields,
  timeZone: string,
): readonly string[] {
  switch (resource) {
    case 'events':
      return formatEventUpdate(before, after, timeZone);
    case 'acl':
      return [
        ...(before['role'] === after['role']
          ? []
          : [`now ${formatValue(after['role'])} (was ${formatValue(before['role'])})`]),
        ...formatFields(before, after, new Set([...IGNORED, 'role'])),
      ];
    case 'settings':
      return [`changed from ${formatValue(before['value'])} to ${formatValue(after['value'])}`];
    case 'calendarList':
      return formatFields(before, after, IGNORED);
  }
}

/** Describes an item that was added. */
function formatAddition(resource: Change['resource'], item: Fields, timeZone: string): string {
  switch (resource) {
    case 'events':
      return formatTimes({}, item, timeZone)
        .map((text) => ` ${text}`)
        .join('');
    case 'acl':
      return ` as ${formatValue(item['role'])}`;
    case 'settings':
      return ` is ${formatValue(item['value'])}`;
    case 'calendarList':
      return '';
  }
}

/** Describes a change in one printable line, with times in `timeZone`. */
export function formatChange(change: Change, timeZone: string): string {
  const { resource, before, after, omitted } = change;
  // Google may leave out most fields of a cancelled event.
  const name = nameOf(
    change,
    after?.['status'] === 'cancelled' ? { ...before, ...after } : (after ?? before ?? {}),
  );
  const without = omitted === undefined ? '' : ` (without ${omitted.map(printable).join(', ')}, too large)`;
  switch (change.change) {
    case 'snapshot':
    case 'created':
      return `${name}${after ? formatAddition(resource, after, timeZone) : ''}${without}`;
    case 'deleted':
      return `${name} deleted${without}`;
    case 'updated': {
      const differences = before && after ? formatUpdate(resource, before, after, timeZone) : [];
      return `${name} ${differences.length > 0 ? differences.join(', ') : 'changed'}${without}`;
    }
  }
}
