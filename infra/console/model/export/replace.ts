/** Replaces personal data: titles, texts and addresses, each with the same text everywhere. Pure. */
import type { Change } from '../../../../functions/feed/change.ts';
import { isObject } from '../../../../functions/feed/differences.ts';

/** Texts by field, with what stands for them. */
const TEXTS: Readonly<Record<string, string>> = {
  summary: 'Title',
  summaryOverride: 'Title',
  description: 'Description',
  location: 'Location',
  displayName: 'Name',
  comment: 'Comment',
};
/** Fields that may contain personal data anywhere: they are left out. */
const LEFT_OUT: ReadonlySet<string> = new Set([
  'attachments',
  'conferenceData',
  'extendedProperties',
  'gadget',
  'hangoutLink',
  'htmlLink',
  'source',
  'workingLocationProperties',
  'iCalUID',
]);
const ADDRESS = /[^\s@:/"<>]+@[^\s@:/"<>]+/g;

/** Returns changes without personal data. Watch ids contain names, and so are numbered. */
export function replacePersonal(changes: readonly Change[]): readonly Change[] {
  const known = new Map<string, string>();
  const counts = new Map<string, number>();
  const named = (kind: string, text: string, make: (number: number) => string): string => {
    const key = `${kind} ${text}`;
    const made = known.get(key);
    if (made !== undefined) return made;
    const number = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, number);
    known.set(key, make(number));
    return make(number);
  };
  const address = (text: string): string =>
    text.replaceAll(ADDRESS, (found) =>
      found.endsWith('calendar.google.com')
        ? named('calendar', found, (number) => `calendar-${number}@group.calendar.google.com`)
        : named('person', found, (number) => `person-${number}@example.com`),
    );
  const replace = (value: unknown, field: string): unknown => {
    if (typeof value === 'string') {
      const kind = TEXTS[field];
      return kind === undefined ? address(value) : named(kind, value, (number) => `${kind} ${number}`);
    }
    if (Array.isArray(value)) return value.map((each) => replace(each, field));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).flatMap(([name, each]) =>
        LEFT_OUT.has(name) ? [] : [[name, replace(each, name)]],
      ),
    );
  };
  const item = (value: Change['after']): Change['after'] => {
    const replaced = replace(value, '');
    return isObject(replaced) ? replaced : null;
  };
  return changes.map((change) => ({
    ...change,
    watchId: named('watch', change.watchId, (number) => `watch-${number}`),
    user: address(change.user),
    calendarId: change.calendarId === null ? null : address(change.calendarId),
    itemId: address(change.itemId),
    before: item(change.before),
    after: item(change.after),
  }));
}
