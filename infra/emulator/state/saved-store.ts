import type { SavedLedger } from './ledger.ts';
import type { CalendarRecord, ListEntry, Rule, UserRecord } from './records.ts';
import type { StoredEvent } from './stored-event.ts';
import type { SavedTokens, Tokens } from './tokens.ts';

/** A store as JSON. */
export interface SavedStore {
  readonly startedAt: number;
  readonly tokens: SavedTokens;
  readonly users: readonly {
    readonly email: string;
    readonly admin: boolean;
    readonly list: SavedLedger<ListEntry>;
    readonly settings: SavedLedger<string>;
  }[];
  readonly calendars: readonly (Omit<CalendarRecord, 'events' | 'acl' | 'accessChanges'> & {
    readonly events: SavedLedger<StoredEvent>;
    readonly acl: SavedLedger<Rule>;
    readonly accessChanges: readonly (readonly [user: string, changes: number])[];
  })[];
}

/** Returns users and calendars with their history, and what sync tokens depend on. */
export function savedStore(store: {
  readonly startedAt: number;
  readonly tokens: Tokens;
  readonly users: ReadonlyMap<string, UserRecord>;
  readonly calendars: ReadonlyMap<string, CalendarRecord>;
}): SavedStore {
  return {
    startedAt: store.startedAt,
    tokens: store.tokens.save(),
    users: [...store.users.values()].map(({ list, settings, ...user }) => ({
      ...user,
      list: list.save(),
      settings: settings.save(),
    })),
    calendars: [...store.calendars.values()].map(({ events, acl, accessChanges, ...calendar }) => ({
      ...calendar,
      events: events.save(),
      acl: acl.save(),
      accessChanges: [...accessChanges],
    })),
  };
}
