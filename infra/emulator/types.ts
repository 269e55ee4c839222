/** The options of an emulator, and what a program can do with a running one. */
import type { ChannelFilter, Channels } from './channels/channels.ts';
import type { AdjustableClock } from './state/clock.ts';
import type { DeliveryOptions } from './channels/delivery.ts';
import type { Json } from './protocol/body.ts';
import type { Faults } from './faults/faults.ts';
import type { Route } from './protocol/http.ts';
import type { OAuth, OAuthOptions } from './oauth/oauth.ts';
import type { Journal } from './journal/journal.ts';
import type { QuotaOptions } from './api/quota.ts';
import type { WatchOptions } from './routes/channels.ts';
import type { Seed } from './seed/seed.ts';
import type { ScenarioName, ScenarioOutcome, ScenarioParameters } from './scenarios/index.ts';
import type { Store } from './state/store.ts';
import type { ListOptions } from './state/store-options.ts';
import type { NotificationState } from './channels/webhook.ts';

export interface CalendarEmulatorOptions extends ListOptions {
  /** 0, the default, picks a free port. */
  readonly port?: number;
  /** Address to listen on. `127.0.0.1` by default; `0.0.0.0` for every network, as in a container. */
  readonly host?: string;
  /**
   * File that keeps accounts, calendars, events with their history, tokens, channels and the clock over restarts. Faults, journal
   * and quotas are not kept. `initial` is only applied if the file does not exist yet.
   */
  readonly state?: string;
  /**
   * When the clock starts: an RFC 3339 time, or a duration from now such as `+2h`. It then runs as the system's. Now by default, or
   * where the clock of the state file would be.
   */
  readonly clock?: string;
  /** Seed of every random choice: ids, delays, message numbers, faults. 1 by default. */
  readonly randomSeed?: number;
  /** The state at the start, and after `reset`. Empty by default. */
  readonly initial?: Seed;
  readonly channels?: WatchOptions & DeliveryOptions;
  /** Requests per minute. `off` by default; `{}` for Google's defaults. */
  readonly quotas?: QuotaOptions | 'off';
  /** The API keys that are valid for reading public calendars. Any by default. */
  readonly apiKeys?: readonly string[];
  /** Signing in: registered clients and service accounts, lifetimes, and what is checked. */
  readonly oauth?: OAuthOptions;
  /** Returns the routes to serve: to add, replace or observe methods. */
  readonly routes?: (routes: readonly Route[]) => readonly Route[];
}

/** Closed at the end of its scope if declared with `await using`. */
export interface CalendarEmulator extends AsyncDisposable {
  /** The root URL, without a trailing slash. The API is at `<url>/calendar/v3`. */
  readonly url: string;
  readonly store: Store;
  readonly faults: Faults;
  readonly journal: Journal;
  readonly clock: AdjustableClock;
  /** Signing in: clients, service accounts, consents and tokens. */
  readonly oauth: OAuth;
  readonly channels: Pick<Channels, 'list' | 'find' | 'expire' | 'kill'> & {
    /** Sends notifications without a change. Resolves to their number when each was attempted once. */
    notify(filter?: ChannelFilter, state?: NotificationState): Promise<number>;
  };
  /**
   * Puts an event into a calendar exactly as Google would return it, without validation. It counts as an edit. Returns the event
   * as it is served from then on. Throws 404 if the calendar does not exist.
   */
  putEvent(calendarId: string, event: Json): Json;
  /**
   * Plays a named scenario, such as `token-expired`. Throws if a parameter is invalid, or names a user or calendar that does not
   * exist.
   */
  scenario<Name extends ScenarioName>(name: Name, parameters?: ScenarioParameters[Name]): ScenarioOutcome;
  /** Adds users, calendars and events. */
  seed(seed: Seed): void;
  /** Resolves when no notification is in flight, due, or waiting for a retry. */
  settle(): Promise<void>;
  /** Restores the initial state: store, sign-in, channels, faults, quotas, journal and clock. */
  reset(): Promise<void>;
  /** Stops listening, drops pending notifications, and writes the state file. */
  close(): Promise<void>;
}

/** What the control routes can do: all but to end the emulator. */
export type RunningEmulator = Omit<CalendarEmulator, 'close' | typeof Symbol.asyncDispose>;
