/** A client that follows its sync tokens, page by page, so that edits can come between pages. */
import assert from 'node:assert/strict';
import * as z from 'zod';
import type { inProcess } from './in-process.ts';

const Time = z.object({ date: z.string().optional(), dateTime: z.string().optional() });
const Item = z.looseObject({
  id: z.string(),
  status: z.string(),
  start: Time.optional(),
  end: Time.optional(),
  recurrence: z.array(z.string()).optional(),
  recurringEventId: z.string().optional(),
});
type Item = z.infer<typeof Item>;
const Page = z.object({
  items: z.array(Item),
  nextPageToken: z.string().optional(),
  nextSyncToken: z.string().optional(),
});

type Call = ReturnType<typeof inProcess>;
export type ListParameters = Readonly<Record<string, string | number | boolean>>;

const at = ({ date, dateTime }: z.infer<typeof Time> = {}): number =>
  Date.parse(dateTime ?? `${date}T00:00:00Z`);

/** A client's copy of a calendar. It forgets everything when its token has expired, and when it loses access. */
export class TokenCopy {
  items = new Map<string, Item>();
  #syncToken: string | undefined;
  #pageToken: string | undefined;
  #read: Item[] = [];
  readonly #call: Call;
  readonly #user: string;
  readonly #calendarId: string;
  readonly #parameters: ListParameters;

  constructor(call: Call, user: string, calendarId: string, parameters: ListParameters) {
    this.#call = call;
    this.#user = user;
    this.#calendarId = calendarId;
    this.#parameters = parameters;
  }

  /** Reads a page. Resolves to whether it was the last one. */
  async readPage(maxResults: number): Promise<boolean> {
    const { timeMin, timeMax, ...pinned } = this.#parameters;
    const window = { ...(timeMin !== undefined && { timeMin }), ...(timeMax !== undefined && { timeMax }) };
    const answer = await this.#call(this.#user, 'events.list', {
      params: { calendarId: this.#calendarId },
      query: {
        ...pinned,
        ...(this.#syncToken === undefined ? window : { syncToken: this.#syncToken }),
        ...(this.#pageToken !== undefined && { pageToken: this.#pageToken }),
        maxResults,
      },
    });
    if (answer.status !== 200) {
      assert([404, 410].includes(answer.status), `a list was answered ${answer.status}`);
      this.#forget();
      this.items = new Map();
      return answer.status === 404;
    }
    const { items, nextPageToken, nextSyncToken } = Page.parse(answer.body);
    assert(items.length <= maxResults, 'a page is too long');
    assert((nextPageToken === undefined) !== (nextSyncToken === undefined), 'a page has one token');
    this.#read.push(...items);
    this.#pageToken = nextPageToken;
    if (nextSyncToken === undefined) return false;
    for (const item of this.#read) this.items.set(item.id, item);
    this.#read = [];
    this.#syncToken = nextSyncToken;
    return true;
  }

  async sync(maxResults: number): Promise<void> {
    // oxlint-disable-next-line no-await-in-loop -- each page names the next
    while (!(await this.readPage(maxResults)));
  }

  #forget(): void {
    this.#syncToken = undefined;
    this.#pageToken = undefined;
    this.#read = [];
  }

  /** Returns what the client would show: nothing that is deleted, nor beyond the window. Series may be beyond it. */
  shown(): Record<string, unknown> {
    const {
      timeMin = '0001-01-01T00:00:00Z',
      timeMax = '9999-01-01T00:00:00Z',
      singleEvents,
    } = this.#parameters;
    const shown = [...this.items.values()].filter(({ status, start, end, recurrence, recurringEventId }) => {
      if (status === 'cancelled') {
        const series = this.items.get(recurringEventId ?? '');
        return singleEvents !== true && series?.recurrence !== undefined && series.status !== 'cancelled';
      }
      return recurrence || (at(end) > Date.parse(String(timeMin)) && at(start) < Date.parse(String(timeMax)));
    });
    return Object.fromEntries(
      shown.map((item) => [item.id, item.status === 'cancelled' ? 'cancelled' : item]),
    );
  }
}
