/** The state before the first change of a stretch. Pure. */
import type { Change } from '../../../../functions/feed/change.ts';
import { isObject } from '../../../../functions/feed/differences.ts';
import { writableOf } from './event-fields.ts';
import { isInsertable, keyOf } from './event-step.ts';
import { ruleOf, scopeValueOf } from './other-step.ts';

type Item = NonNullable<Change['after']>;

interface CalendarSeed {
  readonly id: string;
  summary: string;
  timeZone: string;
  acl: object[];
  events: object[];
}

export interface SeedPlan {
  /** The `initial` of the emulator. */
  readonly seed: {
    readonly users: readonly { readonly email: string; readonly calendars: readonly CalendarSeed[] }[];
  };
  /** Events that a seed cannot have, to be put at the start. */
  readonly puts: readonly { readonly calendarId: string; readonly event: object }[];
  /** Events that exist at the start, by `<calendar>/<event>`. */
  readonly exists: Set<string>;
}

/** Returns the user who owns a calendar in the test: of a primary calendar its user, else the first who sees it. */
export function ownersOf(changes: readonly Change[]): ReadonlyMap<string, string> {
  const owners = new Map<string, string>();
  for (const { user, resource, calendarId, itemId } of changes) {
    const calendar = resource === 'calendarList' ? itemId : calendarId;
    if (calendar !== null && (!owners.has(calendar) || calendar === user)) owners.set(calendar, user);
  }
  return owners;
}

/** Returns the state before the changes: what their first versions were. */
export function seedOf(changes: readonly Change[], owners: ReadonlyMap<string, string>): SeedPlan {
  const calendars = new Map(
    [...owners.keys()].map((id): [string, CalendarSeed] => [
      id,
      { id, summary: id, timeZone: 'UTC', acl: [], events: [] },
    ]),
  );
  const puts: { calendarId: string; event: object }[] = [];
  const exists = new Set<string>();
  const seen = new Set<string>();
  for (const change of changes) {
    const { resource, calendarId, itemId } = change;
    const key = `${resource} ${calendarId ?? ''} ${itemId}`;
    const item = firstOf(change);
    if (seen.has(key)) continue;
    seen.add(key);
    const calendar = calendars.get(resource === 'calendarList' ? itemId : (calendarId ?? ''));
    if (calendar === undefined || item === null) continue;
    if (resource === 'calendarList') describe(calendar, item);
    if (resource === 'acl' && scopeValueOf(item) !== owners.get(calendar.id)) calendar.acl.push(ruleOf(item));
    if (resource === 'events') {
      exists.add(keyOf(calendar.id, itemId));
      calendar.timeZone = zoneOf(item) ?? calendar.timeZone;
      if (isInsertable(item, itemId, calendar.id) && item['recurringEventId'] === undefined)
        calendar.events.push({ id: itemId, ...writableOf(item) });
      else puts.push({ calendarId: calendar.id, event: { ...item, id: itemId } });
    }
  }
  const users = Map.groupBy(owners, ([, user]) => user);
  const others = new Set(changes.map(({ user }) => user).filter((user) => !users.has(user)));
  return {
    seed: {
      users: [
        ...[...users].map(([email, owned]) => ({
          email,
          calendars: owned.flatMap(([id]) => calendars.get(id) ?? []),
        })),
        ...[...others].map((email) => ({ email, calendars: [] })),
      ],
    },
    puts,
    exists,
  };
}

/** Returns the item as it was before the stretch; null if it was not there. A snapshot says that it was. */
const firstOf = ({ change, before, after }: Change): Item | null => (change === 'snapshot' ? after : before);

function describe(calendar: CalendarSeed, { summary, timeZone }: Item): void {
  if (typeof summary === 'string') calendar.summary = summary;
  if (typeof timeZone === 'string') calendar.timeZone = timeZone;
}

function zoneOf({ start }: Item): string | undefined {
  const zone = isObject(start) ? start['timeZone'] : undefined;
  return typeof zone === 'string' ? zone : undefined;
}
