import { isDeleted, type Resource } from '../calendar/resources.ts';
import { differingFields, isEdit, type Fields, type Pair } from './differences.ts';
import { EVENT_KINDS, newEventKinds, updatedEventKinds, type Edits } from './event-kinds.ts';

/** What a change means to a person. Pure: computed from an item before and after. */

/** The kinds of each resource. A change has them in this order. */
export const KINDS = {
  events: EVENT_KINDS,
  acl: ['granted', 'revoked', 'role'],
  calendarList: [
    'added',
    'removed',
    'renamed',
    'hidden',
    'shown',
    'timeZone',
    'role',
    'appearance',
    'notifications',
    'other',
  ],
  settings: ['value'],
} as const satisfies Readonly<Record<Resource, readonly string[]>>;

/** The kinds of a resource, or of all. */
export type Kind<R extends Resource = Resource> = (typeof KINDS)[R][number];

/** A change, with the whole items. */
export interface WholeChange {
  readonly resource: Resource;
  readonly change: 'created' | 'updated' | 'deleted' | 'snapshot';
  readonly before: Fields | null;
  readonly after: Fields | null;
  /** See {@link Pair.omitted}. */
  readonly omitted?: readonly string[] | undefined;
  /** Of a new exception of a series: the occurrence that it replaces, if its series is known. */
  readonly replaced?: Fields | undefined;
}

/** https://developers.google.com/workspace/calendar/api/v3/reference/calendarList#resource */
const LIST_FIELDS: ReadonlyMap<string, Kind> = new Map([
  ['summary', 'renamed'],
  ['summaryOverride', 'renamed'],
  ['timeZone', 'timeZone'],
  ['accessRole', 'role'],
  ['colorId', 'appearance'],
  ['backgroundColor', 'appearance'],
  ['foregroundColor', 'appearance'],
  ['selected', 'appearance'],
  ['defaultReminders', 'notifications'],
  ['notificationSettings', 'notifications'],
]);

/** Returns the edits of an updated entry of a calendar list. */
export function listEdits(pair: Pair): Edits<Kind> {
  const [wasHidden, isHidden] = [pair.before['hidden'] === true, pair.after['hidden'] === true];
  const kindOf = (name: string): Kind => {
    if (name === 'hidden' && wasHidden !== isHidden) return isHidden ? 'hidden' : 'shown';
    return LIST_FIELDS.get(name) ?? 'other';
  };
  const edited = differingFields(pair).filter((name) => isEdit(pair, name));
  return new Map(edited.map((name) => [name, [kindOf(name)]]));
}

function listKinds(pair: Pair): ReadonlySet<Kind> {
  const [was, is] = [isDeleted('calendarList', pair.before), isDeleted('calendarList', pair.after)];
  if (was !== is) return new Set([is ? 'removed' : 'added']);
  const kinds = [...listEdits(pair).values()].flat();
  return new Set(kinds.length > 0 ? kinds : ['other']);
}

function ruleKind({ before, after }: Pair): Kind {
  const [was, is] = [isDeleted('acl', before), isDeleted('acl', after)];
  return was === is ? 'role' : is ? 'revoked' : 'granted';
}

/** Returns the kinds of an update. A rule and a setting have one kind for all their fields. */
function updatedKinds(resource: Resource, pair: Pair): ReadonlySet<Kind> {
  if (resource === 'events') return updatedEventKinds(pair);
  if (differingFields(pair).length === 0 && pair.omitted.length === 0) return new Set();
  switch (resource) {
    case 'acl':
      return new Set([ruleKind(pair)]);
    case 'calendarList':
      return listKinds(pair);
    case 'settings':
      return new Set(['value']);
  }
}

const ADDED: Readonly<Record<Resource, readonly Kind[]>> = {
  events: [],
  acl: ['granted'],
  calendarList: ['added'],
  settings: ['value'],
};

const GONE: Readonly<Record<Resource, readonly Kind[]>> = {
  events: ['cancelled'],
  acl: ['revoked'],
  calendarList: ['removed'],
  settings: ['value'],
};

function foundKinds({
  resource,
  change,
  before,
  after,
  omitted = [],
  replaced,
}: WholeChange): ReadonlySet<Kind> {
  switch (change) {
    case 'snapshot':
      return new Set();
    case 'created':
      return resource === 'events' && after ? newEventKinds(after, replaced) : new Set(ADDED[resource]);
    case 'deleted':
      return new Set(GONE[resource]);
    case 'updated':
      return before && after ? updatedKinds(resource, { before, after, omitted }) : new Set();
  }
}

/**
 * Returns the kinds of a change in the order of {@link KINDS}. An update has at least one; a snapshot has none, and a new event only if
 * it is an exception, which is compared with the occurrence it replaces, or with its original start if its series is not known.
 */
export function kindsOf(change: WholeChange): readonly Kind[] {
  const found = foundKinds(change);
  return KINDS[change.resource].filter((kind) => found.has(kind));
}
