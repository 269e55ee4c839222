/**
 * What a route of the emulator is given and gives back. Routes know nothing of sockets: they take a
 * parsed call and answer with data, so that every rule of the API can be read in one place.
 */

/** One API call, after authentication. */
export interface Call {
  /** The account whose bearer token came with the request. */
  readonly user: string;
  /** Path parameters, percent-decoded. */
  readonly params: Readonly<Record<string, string>>;
  /** The method's own query parameters, each of the right type. */
  readonly query: URLSearchParams;
  /** The parsed JSON body; `undefined` where there is none. */
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Origin and path of the API itself, for links in answers: `http://127.0.0.1:9000/calendar/v3`. */
  readonly baseUrl: string;
}

/** What a route answers. `etag` lets the server do If-Match and If-None-Match for every route alike. */
export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly etag?: string;
  /** Called once when the answer has been sent, or cannot be sent any more. */
  readonly afterSent?: () => void;
}

/** One method of the API. */
export interface Route {
  /** The method's id in the API definition, such as `calendar.events.list`. */
  readonly id: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below the base path, with `:name` for parameters: `/calendars/:calendarId/events`. */
  readonly path: string;
  readonly handle: (call: Call) => Answer | Promise<Answer>;
}

/** One entry of `error.errors` in Google's error body. */
export interface ErrorDetail {
  readonly domain: string;
  readonly reason: string;
  readonly message: string;
  readonly locationType?: string;
  readonly location?: string;
}

/** An answer in Google's error form ("Handle API errors"). Thrown by routes, turned into a body by the server. */
export class CalendarError extends Error {
  readonly status: number;
  readonly detail: ErrorDetail;

  constructor(status: number, detail: ErrorDetail) {
    super(detail.message);
    this.name = 'CalendarError';
    this.status = status;
    this.detail = detail;
  }

  /** The JSON body that Google sends with this error. */
  body(): { error: { code: number; message: string; errors: readonly ErrorDetail[] } } {
    return { error: { code: this.status, message: this.detail.message, errors: [this.detail] } };
  }
}
