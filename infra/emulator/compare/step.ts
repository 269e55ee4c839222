/** A script of calls that is played on two servers. */

/** One call to the API. `as` says who calls: by default the owner of the token. */
export interface Call {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below `/calendar/v3`, with its query: `/calendars/primary/events?maxResults=1`. */
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly as?: 'owner' | 'no one' | 'a bad token';
}

/** What a server answered. */
export interface Answer {
  readonly status: number;
  /** The parsed JSON; text that is not JSON as it is; undefined if there is none. */
  readonly body: unknown;
}

/** What the script has seen of one server so far. */
export interface Seen {
  /** The path of the calendar that the script has made on this server. */
  readonly calendar: string;
  /** The id of the second one. */
  readonly other: string;
  /** A text of an earlier answer, percent-encoded: `text('insert', 'id')`. `missing` if it was not there. */
  readonly text: (step: string, field: string) => string;
  /** The body of an earlier answer. */
  readonly body: (step: string) => unknown;
}

export interface Step {
  /** Unique; later steps refer to it. */
  readonly name: string;
  readonly call: (seen: Seen) => Call;
  /** What must be the same on both servers besides the form of the answer. */
  readonly rules?: (answer: Answer, seen: Seen) => Readonly<Record<string, unknown>>;
}

/** Returns the value at a path: `items.0.id`. */
export const at = (value: unknown, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>(
      (part, name) => (typeof part === 'object' && part !== null ? Reflect.get(part, name) : undefined),
      value,
    );

/** Returns the items of a list. */
export function items(body: unknown): readonly unknown[] {
  const found = at(body, 'items');
  return Array.isArray(found) ? found : [];
}

/** Returns the text at a path, or undefined if there is none. */
export function textAt(value: unknown, path: string): string | undefined {
  const found = at(value, path);
  return typeof found === 'string' ? found : undefined;
}
