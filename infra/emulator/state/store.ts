import { canonicalAddress, isAddress } from '../protocol/address.ts';
import { authError, invalid, notFound, badRequest, required } from '../protocol/api-errors.ts';
import { openCalendar, putRule } from './access.ts';
import { type Collection, type Resource, canonicalCollection, collectionKey } from './collection.ts';
import { createLedger, type SavedLedger } from './ledger.ts';
import { type SavedStore, savedStore } from './saved-store.ts';
import { defaultSettings } from './settings.ts';
import { type SavedTokens, type Tokens, createTokens } from './tokens.ts';
import type { Clock } from './clock.ts';
import type { CalendarFields, CalendarRecord, UserRecord } from './records.ts';
import type { StoreOptions } from './store-options.ts';

export type { Collection, Resource } from './collection.ts';
export { collectionKey } from './collection.ts';

/** The target of a watch call, after access to it was checked. */
interface WatchTarget {
  readonly collection: Collection;
  /** Whether Google sends notifications for it. It sends none for holiday calendars, for example. */
  readonly pushable: boolean;
  /** The calendar's canonical id, even for `primary`; absent for resources without a calendar. */
  readonly canonicalCalendarId?: string;
}

/** The whole state of the emulated API. */
export interface Store {
  readonly clock: Clock;
  readonly random: () => number;
  /** Can be changed at any time. `reset` restores the option. */
  emptyPages: number;
  readonly pageLimit: number;
  readonly maxCancelledOccurrences: number;
  readonly orphanedOccurrences: boolean;
  /** When the store was created or last reset, in milliseconds. */
  readonly startedAt: number;
  readonly users: ReadonlyMap<string, UserRecord>;
  readonly calendars: ReadonlyMap<string, CalendarRecord>;
  readonly tokens: Tokens;
  /**
   * Creates the account with its primary calendar if it does not exist. Throws 401 `authError` if the name is not an email
   * address.
   */
  signIn(user: string): UserRecord;
  /** Creates a calendar, on its owner's calendar list. Throws 400 `duplicate` if the id is taken. */
  addCalendar(owner: string, fields: CalendarFields, options?: NewCalendar): CalendarRecord;
  /**
   * Changes a user's setting, for which the API has no method. Throws 401 as `signIn` does, 400 for more than 1,024 characters.
   */
  setSetting(user: string, id: string, value: string): void;
  /** Checks access exactly as the list method of the resource does (same errors), and returns the target of the watch. */
  watchTarget(user: string, resource: Resource, calendarId?: string): WatchTarget;
  /** Invalidates the sync tokens issued so far (410 `fullSyncRequired`): those of one collection, or all. */
  expireSyncTokens(collection?: Collection): void;
  /** Runs several mutations as one: each changed collection is reported once, at the end. */
  together<T>(work: () => T): T;
  /** Returns an id with that many characters of base32hex, like Google's. */
  newId(length: number): string;
  /** Empties the store. Tokens issued before are no longer valid. */
  reset(): void;
  /** Returns users and calendars with their history, and what sync tokens depend on, as JSON. */
  save(): SavedStore;
  /** Replaces everything by what was saved. Sync tokens issued before it was saved are valid again. Reports no change. */
  restore(saved: SavedStore): void;
}

interface NewCalendar {
  readonly id?: string;
  readonly pushable?: boolean;
}

/** Calendars that Google offers to everyone and for which it sends no notifications. */
const unpushable = /#(holiday|contacts|weeknum)@group\.v\.calendar\.google\.com$/;
const DAY = 86_400_000;

/** Returns an empty store. Accounts are created on first use. */
export function createStore(options: StoreOptions): Store {
  const { clock, random = Math.random, syncTokenTtlMs = 30 * DAY } = options;
  const users = new Map<string, UserRecord>();
  const calendars = new Map<string, CalendarRecord>();
  const newTokens = (saved?: SavedTokens): Tokens =>
    createTokens({ now: () => clock.now(), ttlMs: syncTokenTtlMs, random, marks: options.marks }, saved);
  let tokens = newTokens();
  let startedAt = clock.now();
  let depth = 0;
  const changed = new Map<string, Collection>();

  const announce = (): void => {
    const collections = [...changed.values()];
    changed.clear();
    for (const collection of collections) options.onChange?.({ collection });
  };
  const ledger = <T>(collection: Collection, saved?: SavedLedger<T>) =>
    createLedger<T>(
      {
        now: () => clock.now(),
        keepMs: syncTokenTtlMs,
        onChange() {
          changed.set(collectionKey(collection), collection);
          if (depth === 0) announce();
        },
      },
      saved,
    );

  const newCalendarId = () => `c_${store.newId(64)}@group.calendar.google.com`;
  const newUser = (email: string, saved?: SavedStore['users'][number]): UserRecord => ({
    email,
    admin: saved?.admin ?? false,
    list: ledger({ resource: 'calendarList', user: email }, saved?.list),
    settings: ledger({ resource: 'settings', user: email }, saved?.settings),
  });

  const store: Store = {
    clock,
    random,
    emptyPages: options.emptyPages ?? 0,
    pageLimit: options.pageLimit ?? Number.POSITIVE_INFINITY,
    maxCancelledOccurrences: options.maxCancelledOccurrences ?? Number.POSITIVE_INFINITY,
    orphanedOccurrences: options.orphanedOccurrences ?? false,
    users,
    calendars,
    get startedAt() {
      return startedAt;
    },
    get tokens() {
      return tokens;
    },
    signIn(address) {
      const email = canonicalAddress(address);
      const known = users.get(email);
      if (known) return known;
      if (!isAddress(email)) throw authError();
      return store.together(() => {
        const user = newUser(email);
        users.set(email, user);
        for (const [id, value] of Object.entries(defaultSettings)) user.settings.put(id, value);
        store.addCalendar(email, { summary: email, timeZone: 'UTC' }, { id: email });
        return user;
      });
    },
    addCalendar(ownerAddress, fields, { id, pushable } = {}) {
      return store.together(() => {
        const owner = canonicalAddress(ownerAddress);
        const calendarId = id === undefined ? newCalendarId() : canonicalAddress(id);
        if (calendars.has(calendarId))
          throw badRequest('duplicate', `The calendar ${calendarId} already exists.`);
        const calendar: CalendarRecord = {
          id: calendarId,
          dataOwner: owner,
          primary: calendarId === owner,
          pushable: pushable ?? !unpushable.test(calendarId),
          fields,
          deleted: false,
          events: ledger({ resource: 'events', calendarId }),
          acl: ledger({ resource: 'acl', calendarId }),
          accessChanges: new Map(),
        };
        calendars.set(calendarId, calendar);
        putRule(store, calendar, { role: 'owner', scope: { type: 'user', value: owner } });
        store.signIn(owner).list.put(calendarId, {
          colorId: String(1 + (calendars.size % 24)),
          selected: true,
          defaultReminders: calendar.primary ? [{ method: 'popup', minutes: 10 }] : [],
        });
        return calendar;
      });
    },
    setSetting(email, id, value) {
      if (id === '') throw required('id');
      if (value.length > 1024) throw invalid('value');
      const { settings } = store.signIn(email);
      if (settings.get(id)?.value !== value) settings.put(id, value);
    },
    watchTarget(email, resource, calendarId) {
      store.signIn(email);
      if (resource === 'calendarList' || resource === 'settings')
        return { collection: { resource, user: email }, pushable: true };
      if (calendarId === undefined) throw notFound();
      const wanted = resource === 'acl' ? 'writer' : 'freeBusyReader';
      const { calendar } = openCalendar(store, email, calendarId, wanted);
      const collection = { resource, calendarId: calendar.id };
      return { collection, pushable: calendar.pushable, canonicalCalendarId: calendar.id };
    },
    expireSyncTokens: (collection) => tokens.expire(collection && canonicalCollection(collection)),
    together(work) {
      depth += 1;
      try {
        return work();
      } finally {
        depth -= 1;
        if (depth === 0) announce();
      }
    },
    newId: (length) => Array.from({ length }, () => Math.floor(random() * 32).toString(32)).join(''),
    reset() {
      store.emptyPages = options.emptyPages ?? 0;
      users.clear();
      calendars.clear();
      changed.clear();
      tokens = newTokens();
      startedAt = clock.now();
    },
    save: () => savedStore(store),
    restore(saved) {
      store.reset();
      tokens = newTokens(saved.tokens);
      startedAt = saved.startedAt;
      for (const user of saved.users) users.set(user.email, newUser(user.email, user));
      for (const { id, events, acl, accessChanges, ...calendar } of saved.calendars)
        calendars.set(id, {
          ...calendar,
          id,
          events: ledger({ resource: 'events', calendarId: id }, events),
          acl: ledger({ resource: 'acl', calendarId: id }, acl),
          accessChanges: new Map(accessChanges),
        });
    },
  };
  return store;
}
