/** The four resources as tests change them: what holds for all is tested on each. */
import type { Resource } from '../../functions/calendar/resources.ts';
import type { WatchSpec } from '../../infra/local/watches.ts';
import type { Pipeline } from './pipeline.ts';

export interface Subject {
  readonly resource: Resource;
  /** Returns the spec for this resource of a user, of the primary calendar where it is in one. */
  readonly spec: (user: string) => WatchSpec;
  /** Creates an item; returns its id. */
  readonly insert: (cloud: Pipeline, user: string) => Promise<string>;
  /** Changes an item. Two calls in a row with different numbers are different changes. */
  readonly edit: (cloud: Pipeline, user: string, id: string, number: number) => Promise<void>;
  /** Returns the fields that the item has after that edit. */
  readonly edited: (number: number) => Readonly<Record<string, unknown>>;
}

export interface Deletable extends Subject {
  /** How Google's lists mark a deletion. */
  readonly tombstone: string;
  readonly remove: (cloud: Pipeline, user: string, id: string) => Promise<void>;
}

const ROLES = ['freeBusyReader', 'writer', 'reader'];
const role = (number: number): string => ROLES[number % ROLES.length] ?? 'reader';
const primary = (user: string, collection: string): string => `calendars/${user}/${collection}`;

const EVENTS: Deletable = {
  resource: 'events',
  spec: (user) => ({ user, resource: 'events', calendarId: user }),
  insert: async (cloud, user) => {
    const start = { dateTime: '2030-01-01T09:00:00Z' };
    const end = { dateTime: '2030-01-01T10:00:00Z' };
    return (await cloud.as(user).insert(primary(user, 'events'), { summary: 'new', start, end })).id;
  },
  edit: async (cloud, user, id, number) => {
    await cloud.as(user).patch(`${primary(user, 'events')}/${id}`, { summary: `edit ${number}` });
  },
  edited: (number) => ({ summary: `edit ${number}` }),
  tombstone: 'status: cancelled',
  remove: (cloud, user, id) => cloud.as(user).remove(`${primary(user, 'events')}/${id}`),
};

const ACL: Deletable = {
  resource: 'acl',
  spec: (user) => ({ user, resource: 'acl', calendarId: user }),
  insert: async (cloud, user) => {
    const scope = { type: 'user', value: cloud.newUser('guest') };
    return (await cloud.as(user).insert(primary(user, 'acl'), { role: 'reader', scope })).id;
  },
  edit: async (cloud, user, id, number) => {
    await cloud.as(user).patch(`${primary(user, 'acl')}/${id}`, { role: role(number) });
  },
  edited: (number) => ({ role: role(number) }),
  tombstone: 'role: none',
  remove: (cloud, user, id) => cloud.as(user).remove(`${primary(user, 'acl')}/${id}`),
};

const CALENDAR_LIST: Deletable = {
  resource: 'calendarList',
  spec: (user) => ({ user, resource: 'calendarList' }),
  insert: async (cloud, user) => {
    const lender = cloud.newUser('lender');
    const { id } = await cloud.as(lender).insert('calendars', { summary: 'lent' });
    const scope = { type: 'user', value: user };
    await cloud.as(lender).insert(`calendars/${id}/acl`, { role: 'reader', scope });
    await cloud.as(user).insert('users/me/calendarList', { id });
    return id;
  },
  edit: async (cloud, user, id, number) => {
    await cloud.as(user).patch(`users/me/calendarList/${id}`, { summaryOverride: `edit ${number}` });
  },
  edited: (number) => ({ summaryOverride: `edit ${number}` }),
  tombstone: 'deleted: true',
  remove: (cloud, user, id) => cloud.as(user).remove(`users/me/calendarList/${id}`),
};

let settings = 0;

/** The API has no method to create or change a setting, and settings are never deleted. */
const SETTINGS: Subject = {
  resource: 'settings',
  spec: (user) => ({ user, resource: 'settings' }),
  insert: async (cloud, user) => {
    const id = `setting${(settings += 1)}`;
    await cloud.setSetting(user, id, 'new');
    return id;
  },
  edit: (cloud, user, id, number) => cloud.setSetting(user, id, `edit ${number}`),
  edited: (number) => ({ value: `edit ${number}` }),
};

/** The subjects whose items can be deleted: all but settings. */
export const DELETABLE: readonly Deletable[] = [EVENTS, ACL, CALENDAR_LIST];
export const SUBJECTS: readonly Subject[] = [...DELETABLE, SETTINGS];

/** Returns whether a subject's items can be deleted. */
export const isDeletable = (subject: Subject): subject is Deletable => 'remove' in subject;

/** Creates a user with two items, and a watch that has mirrored them, with no notification left to process. */
export async function watchSubject(cloud: Pipeline, subject: Subject) {
  const user = cloud.newUser();
  const spec = subject.spec(user);
  const items = [await subject.insert(cloud, user), await subject.insert(cloud, user)] as const;
  const watch = await cloud.register(spec);
  await cloud.processed(watch);
  await cloud.untilTrue();
  return { user, spec, watch, items, before: cloud.history(watch).length };
}
