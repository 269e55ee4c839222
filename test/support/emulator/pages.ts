import type { calendar_v3 } from 'googleapis/build/src/apis/calendar/index.js';

export type EventList = Omit<calendar_v3.Params$Resource$Events$List, 'calendarId'>;

/** Lists events to the last page. Even an empty page is not the last if it has a page token. */
export async function listAll(
  client: calendar_v3.Calendar,
  calendarId: string,
  parameters: EventList = {},
): Promise<{ items: calendar_v3.Schema$Event[]; pages: number; syncToken: string }> {
  const items: calendar_v3.Schema$Event[] = [];
  let pageToken: string | undefined;
  for (let pages = 1; ; pages += 1) {
    const { data } = await client.events.list({ ...parameters, calendarId, ...(pageToken && { pageToken }) });
    items.push(...(data.items ?? []));
    if (!data.nextPageToken) return { items, pages, syncToken: data.nextSyncToken ?? '' };
    pageToken = data.nextPageToken;
  }
}

/** A client's copy of a calendar, maintained with sync tokens only. */
export class Copy {
  readonly items = new Map<string, calendar_v3.Schema$Event>();
  readonly #client: calendar_v3.Calendar;
  readonly #calendarId: string;
  readonly #parameters: EventList;
  #syncToken: string | undefined;

  constructor(client: calendar_v3.Calendar, calendarId: string, parameters: EventList = {}) {
    this.#client = client;
    this.#calendarId = calendarId;
    this.#parameters = parameters;
  }

  /** Runs a full or incremental sync. */
  async sync(): Promise<calendar_v3.Schema$Event[]> {
    const token = this.#syncToken === undefined ? {} : { syncToken: this.#syncToken };
    const { items, syncToken } = await listAll(this.#client, this.#calendarId, {
      ...this.#parameters,
      ...token,
    });
    for (const item of items) this.items.set(item.id ?? '', item);
    this.#syncToken = syncToken;
    return items;
  }

  /** The events that are not cancelled, by id. */
  living(): Record<string, calendar_v3.Schema$Event> {
    const living = [...this.items].filter(([, { status }]) => status !== 'cancelled');
    return Object.fromEntries(living.toSorted(([a], [b]) => a.localeCompare(b)));
  }
}
