/** How a change of an ACL rule or of a calendar list is reproduced. Pure. */
import type { Change } from '../../../../functions/feed/change.ts';
import { differingFields, isObject } from '../../../../functions/feed/differences.ts';
import { nothing, pathOf, type Step } from './step.ts';

type Item = NonNullable<Change['after']>;

const pick = (item: Item, names: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(names.flatMap((name) => (item[name] === undefined ? [] : [[name, item[name]]])));

/** Returns the fields of an ACL rule that a call writes. */
export const ruleOf = (rule: Item): Record<string, unknown> => pick(rule, ['role', 'scope']);

/** Returns what reproduces a change of an ACL rule. */
export function ruleStep({ calendarId, itemId, before, after }: Change): Step {
  if (calendarId === null) return nothing('it has no calendar');
  const rules = pathOf('calendars', calendarId, 'acl');
  const path = `${rules}${pathOf(itemId)}`;
  if (after === null) {
    return before === null
      ? nothing('its fields were left out for their size')
      : { do: 'call', method: 'DELETE', path, check: { is: 'absent', path } };
  }
  const fields = ruleOf(after);
  const check = { is: 'like', path, fields } as const;
  return before === null
    ? { do: 'call', method: 'POST', path: `${rules}?sendNotifications=false`, body: fields, check }
    : { do: 'call', method: 'PATCH', path, body: { role: after['role'] }, check };
}

/** Fields of the entry itself, and fields of the calendar that its owner sees there. */
const OF_ENTRY = [
  'summaryOverride',
  'colorId',
  'hidden',
  'selected',
  'defaultReminders',
  'notificationSettings',
];
const OF_CALENDAR = ['summary', 'description', 'location', 'timeZone'];

/** Returns what reproduces a change of a calendar list. */
export function listStep({ itemId, before, after }: Change): Step {
  const path = pathOf('users', 'me', 'calendarList', itemId);
  if (before === null) return nothing('a calendar that is created gets an id of its own');
  if (after === null) {
    const calendar = before['accessRole'] === 'owner';
    const gone = calendar ? pathOf('calendars', itemId) : path;
    return { do: 'call', method: 'DELETE', path: gone, check: { is: 'absent', path } };
  }
  const differing = new Set(differingFields({ before, after }));
  const changed = (names: readonly string[]) => names.filter((name) => differing.has(name));
  const nulled = (names: readonly string[]) =>
    Object.fromEntries(names.map((name) => [name, after[name] ?? null]));
  const [entry, calendar] = [changed(OF_ENTRY), changed(OF_CALENDAR)];
  if (entry.length > 0) {
    const check = { is: 'like', path, fields: pick(after, entry) } as const;
    return { do: 'call', method: 'PATCH', path, body: nulled(entry), check };
  }
  if (calendar.length > 0 && after['accessRole'] === 'owner') {
    const check = { is: 'like', path, fields: pick(after, calendar) } as const;
    return { do: 'call', method: 'PATCH', path: pathOf('calendars', itemId), body: nulled(calendar), check };
  }
  return nothing('the API does not write what it changes');
}

/** Returns the address or domain that a rule is for. */
export const scopeValueOf = ({ scope }: Item): unknown => (isObject(scope) ? scope['value'] : undefined);
