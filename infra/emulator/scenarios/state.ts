/** Trouble with what Google keeps: tokens, channels, access, and time. */
import * as z from 'zod';
import { resource } from '../faults/fault-rules.ts';
import { deleteCalendar } from '../routes/calendars.ts';
import { putRule, roleIn } from '../state/access.ts';
import type { Rule } from '../state/records.ts';
import type { Collection } from '../state/store.ts';
import {
  ScenarioError,
  type Stage,
  type Target,
  calendarOf,
  count,
  scenario,
  target,
  targetOf,
} from './scenario.ts';

const channels = { ...target, resource: resource.optional() };
const amount = z.number().min(0).max(100_000).default(0);

export const stateScenarios = {
  'token-expired': scenario(
    'Sync tokens are no longer valid: incremental lists are answered 410 `fullSyncRequired`. Affects one calendar, one user’s calendar ' +
      'list or settings, or everything.',
    z.strictObject({ ...target, resource: resource.default('events') }),
    (stage, given) => {
      const collection = collectionOf(stage, given);
      stage.store.expireSyncTokens(collection);
      const of = collection ? ` of ${'user' in collection ? collection.user : collection.calendarId}` : '';
      return {
        did: `the sync tokens${collection ? ` for ${collection.resource}` : ''}${of} expired`,
        rules: [],
      };
    },
  ),
  'dead-channel': scenario(
    'A channel stops notifying before it expires, without notice. It still exists, and can be stopped.',
    z.strictObject(channels),
    (stage, { resource: of, ...given }) => {
      const killed = stage.channels.kill({ ...targetOf(stage, given), resource: of });
      return { did: `${count(killed, 'channel')} went silent`, rules: [] };
    },
  ),
  'channel-expired': scenario(
    'A channel reaches its expiration now.',
    z.strictObject(channels),
    (stage, { resource: of, ...given }) => {
      const expired = stage.channels.expire({ ...targetOf(stage, given), resource: of });
      return { did: `${count(expired, 'channel')} expired`, rules: [] };
    },
  ),
  'acl-lost': scenario(
    'A user loses access to a calendar: it is answered 404, leaves the calendar list, and its sync tokens expire. Rules for the domain ' +
      'and for everyone are removed too.',
    z.strictObject({ user: z.email(), calendarId: z.string().min(1) }),
    (stage, given) => {
      const { store } = stage;
      const { user = '' } = targetOf(stage, { user: given.user });
      const calendar = calendarOf(store, given.calendarId, user);
      if (calendar.dataOwner === user)
        throw new ScenarioError(`${user} is the data owner of '${calendar.id}', and cannot lose access`);
      const before = roleIn(calendar, user);
      const scopes: Rule['scope'][] = [
        { type: 'user', value: user },
        { type: 'domain', value: user.slice(user.indexOf('@') + 1) },
        { type: 'default' },
      ];
      const granting = calendar.acl
        .entries()
        .map(({ value }) => value)
        .filter(({ role, scope }) => role !== 'none' && scopes.some((own) => isSame(own, scope)));
      store.together(() => {
        for (const { scope } of granting) putRule(store, calendar, { role: 'none', scope });
      });
      return {
        did: `${count(granting.length, 'rule')} removed, which granted the role ${before}`,
        rules: [],
      };
    },
  ),
  'calendar-deleted': scenario(
    'The data owner deletes a secondary calendar: it is answered 404, and leaves every calendar list.',
    z.strictObject({ calendarId: z.string().min(1) }),
    ({ store }, { calendarId }) => {
      const calendar = calendarOf(store, calendarId);
      if (calendar.primary)
        throw new ScenarioError(`'${calendar.id}' is a primary calendar, and cannot be deleted`);
      deleteCalendar(store, calendar);
      return { did: `'${calendar.id}' is deleted`, rules: [] };
    },
  ),
  'empty-pages': scenario(
    'Lists have empty pages before the last page, as Google permits. Probability 0 or a reset ends it.',
    z.strictObject({ probability: z.number().min(0).max(1).default(1) }),
    ({ store }, { probability }) => {
      store.emptyPages = probability;
      return { did: `a page is empty with probability ${probability}`, rules: [] };
    },
  ),
  'clock-jump': scenario(
    'The clock jumps ahead: channels and tokens expire.',
    z
      .strictObject({ days: amount, hours: amount, minutes: amount, seconds: amount })
      .refine(
        (given) => Object.values(given).some((each) => each > 0),
        'give days, hours, minutes or seconds',
      ),
    ({ clock }, { days, hours, minutes, seconds }) => {
      clock.advance((((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000);
      return { did: `it is ${new Date(clock.now()).toISOString()} now`, rules: [] };
    },
  ),
};

const isSame = (one: Rule['scope'], other: Rule['scope']): boolean =>
  one.type === other.type && one.value === other.value;

/** Returns the collection whose tokens expire; undefined for all. */
function collectionOf(
  stage: Stage,
  given: Target & { readonly resource: Collection['resource'] },
): Collection | undefined {
  const { user, calendarId } = targetOf(stage, given);
  const { resource: of } = given;
  if (calendarId !== undefined) {
    if (of === 'events' || of === 'acl') return { resource: of, calendarId };
    throw new ScenarioError(`a calendar has no ${of}: leave out calendarId, and give user`);
  }
  if (user === undefined) return undefined;
  if (of === 'calendarList' || of === 'settings') return { resource: of, user };
  return { resource: of, calendarId: user };
}
