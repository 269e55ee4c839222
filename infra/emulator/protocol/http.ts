/** Input and output of routes. Routes have no access to sockets: they take a parsed call and return data. */

/** An API call, after authentication. */
export interface Call {
  /** The account of the caller; empty for an API key alone, which sees what is public. */
  readonly user: string;
  /** Path parameters, percent-decoded. */
  readonly params: Readonly<Record<string, string>>;
  /** The method's own query parameters, each of the right type. */
  readonly query: URLSearchParams;
  /** The parsed JSON body, or undefined if there is none. */
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Base URL of the API, for links in answers: `http://127.0.0.1:9000/calendar/v3`. */
  readonly baseUrl: string;
}

/** What a route returns. The server uses `etag` for If-Match and If-None-Match, for every route alike. */
export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly etag?: string;
  /** Called once when the response has been sent, or can no longer be sent. */
  readonly afterSent?: () => void;
}

/** A method of the API. */
export interface Route {
  /** The method's id in the API definition, such as `calendar.events.list`. */
  readonly id: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path below the base path, with `:name` for parameters: `/calendars/:calendarId/events`. */
  readonly path: string;
  readonly handle: (call: Call) => Answer | Promise<Answer>;
}

/** An entry of `error.errors` in Google's error body. */
export interface ErrorDetail {
  readonly domain: string;
  readonly reason: string;
  readonly message: string;
  readonly locationType?: string;
  readonly location?: string;
}

/**
 * An error in Google's format (https://developers.google.com/workspace/calendar/api/guides/errors). Routes throw it; the server
 * turns it into a response.
 */
export class CalendarError extends Error {
  readonly status: number;
  readonly detail: ErrorDetail;
  /**
   * What only errors of Google's API infrastructure have: a message of their own, the name of a canonical status, details, and what
   * the header WWW-Authenticate says besides the realm.
   */
  readonly outer: {
    readonly message?: string;
    readonly status?: string;
    readonly details?: readonly object[];
    readonly challenge?: string;
  };

  constructor(status: number, detail: ErrorDetail, outer: CalendarError['outer'] = {}) {
    super(detail.message);
    this.name = 'CalendarError';
    this.status = status;
    this.detail = detail;
    this.outer = outer;
  }

  /** Returns the JSON body of the response. */
  body(): ErrorBody {
    const { message = this.detail.message, status, details } = this.outer;
    const error = { code: this.status, message, errors: [this.detail] };
    return { error: { ...error, ...(status !== undefined && { status }), ...(details && { details }) } };
  }
}

/** Google's error body. */
interface ErrorBody {
  readonly error: {
    readonly code: number;
    readonly message: string;
    readonly errors: readonly ErrorDetail[];
    readonly status?: string;
    readonly details?: readonly object[];
  };
}
