/**
 * A record of the requests received and the notifications sent, for tests ("how many list calls did that cost?") and for people
 * who watch. The number of entries is limited; the counts are always exact.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { keepLatest } from './keep-latest.ts';

/** A request of the API or of sign-in. Control requests (`/emulator/…`) are not recorded. */
export interface RequestEntry {
  readonly kind: 'request';
  /** Unique in the life of the emulator: the `cause` of the notifications of its changes. */
  readonly id: string;
  /** When it was answered, in milliseconds of the emulator's clock. */
  readonly time: number;
  /** The method's id in the API definition, such as `calendar.events.list`, `unknown` if no route matches, or `oauth.token`. */
  readonly method: string;
  readonly httpMethod: string;
  /** The path as sent, without the query. */
  readonly path: string;
  readonly query: Readonly<Record<string, string | readonly string[]>>;
  /** The account of the bearer token; absent if there was none. */
  readonly user?: string;
  /** The HTTP status, or 0 if the connection was dropped without a response. */
  readonly status: number;
  /** The reason in Google's error body, if the response was an error. */
  readonly reason?: string;
  /** Duration in real milliseconds. */
  readonly ms: number;
}

/**
 * The outcome of a notification: `delivered` (a success status), `retrying` (the attempt failed, another one follows), `failed`
 * (a status that is not retried), `gaveUp` (the last attempt failed), `dropped` (by a fault), `expired` or `killed` (the channel
 * ended before it was sent), `held` (a fault lets others overtake it).
 */
export type Fate = 'delivered' | 'retrying' | 'failed' | 'gaveUp' | 'dropped' | 'expired' | 'killed' | 'held';

/** An attempt to deliver a notification, or the reason why there was none. */
export interface NotificationEntry {
  readonly kind: 'notification';
  readonly time: number;
  /**
   * The `id` of the request whose change it announces, or that opened the channel (`sync`). Each request sends notifications of its
   * own, so there is never more than one cause. Absent for changes by control routes and by the program.
   */
  readonly cause?: string;
  readonly channelId: string;
  readonly resourceId: string;
  readonly resource: string;
  readonly user: string;
  readonly calendarId?: string;
  /** X-Goog-Message-Number. */
  readonly number: number;
  readonly state: string;
  /** Counted from 1; 0 if nothing was sent. */
  readonly attempt: number;
  /** The receiver's HTTP status; absent if nothing was sent or the connection failed. */
  readonly status?: number;
  readonly fate: Fate;
  readonly ms: number;
}

export type JournalEntry = RequestEntry | NotificationEntry;

export interface JournalCounts {
  /** API requests by method id. */
  readonly requests: Readonly<Record<string, number>>;
  /** API requests by HTTP status; 0 is a dropped connection. */
  readonly statuses: Readonly<Record<string, number>>;
  /** Notification entries by fate. */
  readonly notifications: Readonly<Record<string, number>>;
}

export interface RequestFilter {
  readonly id?: string;
  readonly method?: string;
  readonly user?: string;
  readonly status?: number;
}

export interface NotificationFilter {
  readonly cause?: string;
  readonly channelId?: string;
  readonly resource?: string;
  readonly calendarId?: string;
  readonly state?: string;
  readonly fate?: Fate;
}

export type Journal = ReturnType<typeof createJournal>;

/** Returns an empty journal that keeps the latest `limit` requests and the latest `limit` notifications. */
export function createJournal(limit = 10_000) {
  let requests: RequestEntry[] = [];
  let notifications: NotificationEntry[] = [];
  let counts = emptyCounts();
  const listeners = new Set<(entry: JournalEntry) => void>();
  const clearListeners = new Set<() => void>();
  // Follows a request through its promises, so that requests at the same time do not mix.
  const current = new AsyncLocalStorage<string>();
  let started = 0;

  function record(entry: JournalEntry): void {
    if (entry.kind === 'request') {
      keepLatest(requests, entry, limit);
      increment(counts.requests, entry.method);
      increment(counts.statuses, String(entry.status));
    } else {
      keepLatest(notifications, entry, limit);
      increment(counts.notifications, entry.fate);
    }
    for (const listener of listeners) listener(entry);
  }

  return {
    record,
    /** Runs a request, which is then the cause of the changes that it makes, and passes it the id of its entry. */
    during<T>(request: (id: string) => T): T {
      const id = `request-${(started += 1)}`;
      return current.run(id, () => request(id));
    },
    /** Returns the id of the request that is running; undefined outside of requests. */
    cause: (): string | undefined => current.getStore(),
    /** Returns the kept requests that match all given fields, oldest first. */
    requests: (filter: RequestFilter = {}): RequestEntry[] =>
      requests.slice(-limit).filter((entry) => matches(entry, filter)),
    /** Returns the kept notifications that match all given fields, oldest first. */
    notifications: (filter: NotificationFilter = {}): NotificationEntry[] =>
      notifications.slice(-limit).filter((entry) => matches(entry, filter)),
    /** Returns exact counts since the start or the last `clear`. */
    counts: (): JournalCounts => structuredClone(counts),
    /**
     * Calls `listener` with every entry from now on, and `onClear` after each `clear`. Returns a function that unsubscribes
     * both.
     */
    subscribe(listener: (entry: JournalEntry) => void, onClear: () => void = () => undefined): () => void {
      listeners.add(listener);
      clearListeners.add(onClear);
      return () => {
        listeners.delete(listener);
        clearListeners.delete(onClear);
      };
    },
    clear(): void {
      requests = [];
      notifications = [];
      counts = emptyCounts();
      for (const onClear of clearListeners) onClear();
    },
  };
}

function emptyCounts() {
  const counts: Record<'requests' | 'statuses' | 'notifications', Record<string, number>> = {
    requests: {},
    statuses: {},
    notifications: {},
  };
  return counts;
}

function increment(counts: Record<string, number>, key: string): void {
  counts[key] = (counts[key] ?? 0) + 1;
}

function matches(entry: object, filter: object): boolean {
  const fields = new Map<string, unknown>(Object.entries(entry));
  return Object.entries(filter).every(
    ([name, wanted]) => wanted === undefined || fields.get(name) === wanted,
  );
}
