import { dateValue, RecurrenceError, type DateValue } from './date-value.ts';
import { parseRule, type Rule } from './parse-rule.ts';

/** The syntax of an event's `recurrence`: https://www.rfc-editor.org/rfc/rfc5545#section-3.8.5 */

/** A date or time of an RDATE or EXDATE, with the zone of its line. */
export interface ListedDate extends DateValue {
  readonly zone: string | undefined;
}

export interface Lines {
  readonly rrules: readonly Rule[];
  readonly exrules: readonly Rule[];
  readonly rdates: readonly ListedDate[];
  readonly exdates: readonly ListedDate[];
}

/** The last colon ends the parameters: a zone may contain one, a date or rule may not. */
const LINE = /^([A-Z]+)((?:;.*)?):([^:]+)$/i;

/**
 * Parses the lines of a recurrence.
 * @throws {RecurrenceError} for a line that is not a valid RRULE, EXRULE, RDATE or EXDATE
 * @see https://developers.google.com/workspace/calendar/api/v3/reference/events#recurrence
 */
export function parseLines(recurrence: readonly string[]): Lines {
  const lines = recurrence.map((line) => {
    const [, name = '', parameters = '', value = ''] = LINE.exec(line.trim()) ?? [];
    return { name: name.toUpperCase(), parameters, value };
  });
  const rules = (wanted: string): readonly Rule[] =>
    lines.flatMap(({ name, value }) => (name === wanted ? parseRule(value) : []));
  const dates = (wanted: string): readonly ListedDate[] =>
    lines.flatMap(({ name, parameters, value }) => (name === wanted ? listed(parameters, value) : []));
  const unknown = lines.findIndex(({ name }) => !['RRULE', 'EXRULE', 'RDATE', 'EXDATE'].includes(name));
  if (unknown !== -1)
    throw new RecurrenceError(`${JSON.stringify(recurrence[unknown])} is not a valid recurrence line`);
  return {
    rrules: rules('RRULE'),
    exrules: rules('EXRULE'),
    rdates: dates('RDATE'),
    exdates: dates('EXDATE'),
  };
}

/** Parses the values of a line. Only the start of a period counts. */
function listed(parameters: string, value: string): readonly ListedDate[] {
  const zone = /;TZID="?([^;"]+)/i.exec(parameters)?.[1];
  return value.split(',').map((each) => ({ ...dateValue(each.split('/')[0] ?? ''), zone }));
}
