import { printable, shorten } from '../runtime/text.ts';

/** Words for values, attendees and fields. Pure; all results are printable. */

const LONGEST = 60;

/** Formats a value as part of a line. */
export function formatValue(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing');
  return shorten(printable(text), LONGEST);
}

/** Formats a title. */
export const quoted = (value: unknown): string => `“${formatValue(value)}”`;

const RESPONSES: Readonly<Record<string, string>> = {
  accepted: 'accepted',
  declined: 'declined',
  tentative: 'tentatively accepted',
  needsAction: 'withdrew the response',
};

/** Returns what an attendee did. */
export function responsePhrase(from: string | null, to: string | null): string {
  if (to === null || from === to) return 'changed the response';
  return Object.hasOwn(RESPONSES, to) ? (RESPONSES[to] ?? '') : `responded ${formatValue(to)}`;
}

const MOST = 3;

/** Returns what several people did, by their names: `ana and bo invited`. */
export function peoplePhrase(names: readonly string[], did: string): string {
  const more = names.length - MOST;
  const listed = names.slice(0, MOST).map(formatValue).join(' and ');
  return `${listed}${more > 0 ? ` and ${String(more)} more` : ''} ${did}`;
}

const isShort = (value: unknown): boolean =>
  value === null ||
  typeof value === 'number' ||
  typeof value === 'boolean' ||
  (typeof value === 'string' && value.length <= 40);

/** Describes a changed field. Long and nested values are left out. Null stands for none. */
export function fieldPhrase(field: string, from: unknown, to: unknown): string {
  const name = printable(field);
  if (!isShort(from) || !isShort(to))
    return `${name} ${from === null ? 'added' : to === null ? 'removed' : 'changed'}`;
  if (from === to) return `${name} changed`;
  if (from === null) return `${name} set to ${formatValue(to)}`;
  if (to === null) return `${name} removed (was ${formatValue(from)})`;
  return `${name} changed from ${formatValue(from)} to ${formatValue(to)}`;
}

/** Describes a changed value whose former one is known if `from` is not null: `now writer (was reader)`. */
export const nowPhrase = (from: string | null, to: string | null): string =>
  `now ${formatValue(to ?? 'nothing')}${from === null ? '' : ` (was ${formatValue(from)})`}`;
