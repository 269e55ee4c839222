import { firstKnownZone } from '../calendar/event-times.ts';
import { printable } from '../runtime/text.ts';
import type { Change } from './change.ts';
import { describeChange, listedName, scopeOf } from './describe.ts';
import type { Detail } from './detail.ts';
import type { Fields } from './differences.ts';
import { fieldPhrase, formatValue, nowPhrase, peoplePhrase, quoted, responsePhrase } from './phrases.ts';
import { momentPhrase, timePhrases } from './time-phrases.ts';

/** Changes in English: `“Review” moved from 10:00 to 11:00 +01:00`. Pure. */

export interface SentenceOptions {
  /** In which times are given, such as `Europe/Berlin`; `UTC` by default, and if it is not known. */
  readonly timeZone?: string;
}

/** Fields that say nothing that others do not. */
const IGNORED = new Set(['kind', 'id', 'htmlLink', 'iCalUID', 'created', 'attendeesOmitted', 'start', 'end']);

/** Returns the name of an item. */
function nameOf({ resource, itemId }: Change, item: Fields): string {
  switch (resource) {
    case 'events': {
      const { summary } = item;
      const isNamed = typeof summary === 'string' && summary !== '';
      return isNamed ? quoted(summary) : `(untitled ${printable(itemId)})`;
    }
    case 'acl':
      return formatValue(scopeOf(item, itemId));
    case 'calendarList':
      return quoted(listedName(item) ?? itemId);
    case 'settings':
      return formatValue(itemId);
  }
}

/** Returns the time of an event in words, with what it was if it was moved or resized. */
function eventTimes(
  { change, before, after }: Change,
  isOtherTime: boolean,
  zone: string,
): readonly string[] {
  if (after === null) return [];
  // A new exception takes the place of the occurrence at its original start.
  const original = change === 'created' ? { start: after['originalStartTime'] } : undefined;
  const earlier = before ?? original;
  const compared = earlier === undefined ? [] : timePhrases(earlier, after, zone);
  if (compared.length > 0 || !isOtherTime) return compared;
  return timePhrases({}, after, zone).map((period) => `now ${period}`);
}

/** Groups people by what they did. */
function peoplePhrases(details: readonly Detail[]): readonly string[] {
  const groups = new Map<string, string[]>();
  for (const detail of details) {
    if (detail.kind !== 'invited' && detail.kind !== 'uninvited' && detail.kind !== 'responded') continue;
    const { kind, who } = detail;
    const did =
      kind === 'responded'
        ? responsePhrase(detail.from, detail.to)
        : kind === 'invited'
          ? 'invited'
          : 'no longer invited';
    groups.set(did, [...(groups.get(did) ?? []), who ?? 'an attendee']);
  }
  return [...groups].map(([did, names]) => peoplePhrase(names, did));
}

/** Returns the words for a detail that does not depend on others. */
function phraseOf(detail: Detail, isCompared: boolean): readonly string[] {
  switch (detail.kind) {
    case 'cancelled':
    case 'restored':
    case 'hidden':
    case 'removed':
    case 'added':
      return [detail.kind];
    case 'shown':
      return ['shown again'];
    case 'status':
      return detail.to === null ? [] : [nowPhrase(null, detail.to)];
    case 'role':
      return detail.to === null || detail.from === detail.to ? [] : [nowPhrase(detail.from, detail.to)];
    case 'renamed':
      return [isCompared ? `renamed from ${quoted(detail.from ?? '')}` : 'renamed'];
    case 'description':
    case 'location':
    case 'organizer':
    case 'conference':
    case 'timeZone':
      return [isCompared ? fieldPhrase(detail.kind, detail.from, detail.to) : `${detail.kind} changed`];
    case 'recurrence': {
      const [from, to] = [detail.from, detail.to].map((lines) => (lines.length === 0 ? null : lines));
      return [fieldPhrase(detail.kind, from ?? null, to ?? null)];
    }
    case 'value':
      return [`changed from ${formatValue(detail.from)} to ${formatValue(detail.to)}`];
    case 'reminders':
    case 'visibility':
    case 'attachments':
    case 'properties':
    case 'appearance':
    case 'notifications':
    case 'other':
      if (detail.field === null) return detail.kind === 'other' ? [] : [`${detail.kind} changed`];
      return IGNORED.has(detail.field) ? [] : [fieldPhrase(detail.field, detail.from, detail.to)];
    case 'moved':
    case 'resized':
    case 'touched':
    case 'invited':
    case 'uninvited':
    case 'responded':
    case 'granted':
    case 'revoked':
      return [];
  }
}

/** Returns what happened to an item, in the order: its name, its times, its state, its people, the rest. */
function phrases(change: Change, details: readonly Detail[], zone: string): readonly string[] {
  const { resource, before, after } = change;
  const isCompared = before !== null && after !== null;
  const first = new Set<Detail['kind']>(['renamed']);
  const second = new Set<Detail['kind']>(['cancelled', 'restored', 'status']);
  const ofKinds = (wanted: (kind: Detail['kind']) => boolean): readonly string[] =>
    details.filter(({ kind }) => wanted(kind)).flatMap((detail) => phraseOf(detail, isCompared));
  const isCancelled = details.some(({ kind }) => kind === 'cancelled');
  const isOtherTime = details.some(({ kind }) => kind === 'moved' || kind === 'resized');
  const hasTimes = resource === 'events' && !isCancelled;
  return [
    ...ofKinds((kind) => first.has(kind)),
    ...(hasTimes ? eventTimes(change, isOtherTime, zone) : []),
    ...ofKinds((kind) => second.has(kind)),
    ...peoplePhrases(details),
    ...ofKinds((kind) => !first.has(kind) && !second.has(kind)),
  ];
}

/** Describes an item that was added. */
function additionOf({ resource, after }: Change, zone: string): string {
  switch (resource) {
    case 'events':
      return timePhrases({}, after ?? {}, zone)
        .map((text) => ` ${text}`)
        .join('');
    case 'acl':
      return ` as ${formatValue(after?.['role'])}`;
    case 'settings':
      return ` is ${formatValue(after?.['value'])}`;
    case 'calendarList':
      return '';
  }
}

/** Describes what is special about a new exception of a series; undefined for other items. */
function exceptionOf(change: Change, zone: string): string | undefined {
  const details = change.resource === 'events' ? describeChange(change) : [];
  if (details.length === 0) return undefined;
  const said = phrases(change, details, zone);
  if (details[0]?.kind !== 'cancelled') return said.length > 0 ? said.join(', ') : undefined;
  const original = momentPhrase(change.after?.['originalStartTime'], zone);
  return original === undefined ? 'cancelled' : `cancelled (was ${original})`;
}

/**
 * Returns a change in English, in one line that is safe to print: control characters and marks that change the direction of writing are
 * replaced, and long values shortened. It names people and has the contents of items.
 *
 * @param change from {@link parseMessage} or {@link parseChange}
 * @returns such as `“Review” moved from 10:00 to 11:00 +01:00, bo@example.com accepted`
 *
 * @example
 * console.log(sentenceOf(change, { timeZone: 'Europe/Berlin' }));
 */
export function sentenceOf(change: Change, options: SentenceOptions = {}): string {
  const zone = firstKnownZone(options.timeZone).id;
  const { before, after, omitted } = change;
  // Google may leave out most fields of a cancelled event.
  const name = nameOf(
    change,
    after?.['status'] === 'cancelled' ? { ...before, ...after } : (after ?? before ?? {}),
  );
  const without = omitted === undefined ? '' : ` (without ${omitted.map(printable).join(', ')}, too large)`;
  const what = (): string => {
    switch (change.change) {
      case 'snapshot':
        return after ? additionOf(change, zone) : '';
      case 'created': {
        const exception = exceptionOf(change, zone);
        if (exception !== undefined) return ` ${exception}`;
        return after ? additionOf(change, zone) : '';
      }
      case 'deleted':
        return ' deleted';
      case 'updated': {
        const said = phrases(change, describeChange(change), zone);
        return ` ${said.length > 0 ? said.join(', ') : 'changed'}`;
      }
    }
  };
  return `${name}${what()}${without}`;
}
