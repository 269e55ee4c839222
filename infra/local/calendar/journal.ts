/**
 * What the emulator was asked and what it sent, for tests ("how many list calls did that cost?") and for
 * people who watch it work. Entries are bounded, counts are not: they stay exact however long it runs.
 */

/** One API request. Control requests (`/emulator/…`) are not API requests and are not recorded. */
export interface RequestEntry {
  readonly kind: 'request';
  /** When it was answered, in milliseconds of the emulator's clock. */
  readonly time: number;
  /** The method's id in the API definition, such as `calendar.events.list`; `unknown` where no route matches. */
  readonly method: string;
  readonly httpMethod: string;
  /** Path as sent, below the origin and without the query. */
  readonly path: string;
  readonly query: Readonly<Record<string, string | readonly string[]>>;
  /** The bearer token's account; absent where there was none. */
  readonly user?: string;
  /** The HTTP status; 0 where the connection was dropped without an answer. */
  readonly status: number;
  /** The reason in Google's error body, where the answer was an error. */
  readonly reason?: string;
  /** How long it took, in real milliseconds. */
  readonly ms: number;
}

/**
 * What became of a notification: `delivered` (a success status), `retrying` (this attempt failed, another
 * follows), `failed` (a status that is not retried), `gaveUp` (the last attempt failed), `dropped` (a fault),
 * `expired` and `killed` (the channel ended before it was sent), `held` (a fault lets others overtake it).
 */
export type Fate = 'delivered' | 'retrying' | 'failed' | 'gaveUp' | 'dropped' | 'expired' | 'killed' | 'held';

/** One attempt to deliver one notification, or the reason why there was none. */
export interface NotificationEntry {
  readonly kind: 'notification';
  readonly time: number;
  readonly channelId: string;
  readonly resourceId: string;
  readonly resource: string;
  readonly user: string;
  readonly calendarId?: string;
  /** X-Goog-Message-Number. */
  readonly number: number;
  readonly state: string;
  /** From 1; 0 where nothing was sent. */
  readonly attempt: number;
  /** The receiver's HTTP status; absent where nothing was sent or the connection failed. */
  readonly status?: number;
  readonly fate: Fate;
  readonly ms: number;
}

export type JournalEntry = RequestEntry | NotificationEntry;

export interface JournalCounts {
  /** API requests by method id. */
  readonly requests: Readonly<Record<string, number>>;
  /** API requests by HTTP status (0: connection dropped). */
  readonly statuses: Readonly<Record<string, number>>;
  /** Notification entries by fate. */
  readonly notifications: Readonly<Record<string, number>>;
}

export interface RequestFilter {
  readonly method?: string;
  readonly user?: string;
  readonly status?: number;
}

export interface NotificationFilter {
  readonly channelId?: string;
  readonly resource?: string;
  readonly calendarId?: string;
  readonly state?: string;
  readonly fate?: Fate;
}

export type Journal = ReturnType<typeof createJournal>;

/** Makes an empty journal that keeps the latest `limit` requests and the latest `limit` notifications. */
export function createJournal(limit = 10_000) {
  let requests: RequestEntry[] = [];
  let notifications: NotificationEntry[] = [];
  let counts = emptyCounts();
  const listeners = new Set<(entry: JournalEntry) => void>();

  function record(entry: JournalEntry): void {
    if (entry.kind === 'request') {
      keep(requests, entry, limit);
      increment(counts.requests, entry.method);
      increment(counts.statuses, String(entry.status));
    } else {
      keep(notifications, entry, limit);
      increment(counts.notifications, entry.fate);
    }
    for (const listener of listeners) listener(entry);
  }

  return {
    record,
    /** The kept requests that match every given field, oldest first. */
    requests: (filter: RequestFilter = {}): RequestEntry[] =>
      requests.slice(-limit).filter((entry) => matches(entry, filter)),
    /** The kept notifications that match every given field, oldest first. */
    notifications: (filter: NotificationFilter = {}): NotificationEntry[] =>
      notifications.slice(-limit).filter((entry) => matches(entry, filter)),
    /** Exact counts since the start or the last `clear`. */
    counts: (): JournalCounts => structuredClone(counts),
    /** Calls `listener` with every entry from now on; returns what ends that. */
    subscribe(listener: (entry: JournalEntry) => void): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    clear(): void {
      requests = [];
      notifications = [];
      counts = emptyCounts();
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

/** Drops the older half at once, because shifting one entry at a time costs the whole array each time. */
function keep<Entry>(entries: Entry[], entry: Entry, limit: number): void {
  entries.push(entry);
  if (entries.length >= limit * 2) entries.splice(0, entries.length - limit);
}

function matches(entry: object, filter: object): boolean {
  const fields = new Map<string, unknown>(Object.entries(entry));
  return Object.entries(filter).every(
    ([name, wanted]) => wanted === undefined || fields.get(name) === wanted,
  );
}
