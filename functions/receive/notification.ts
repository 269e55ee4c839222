import type { PushData } from '../feed/notification.ts';

/**
 * From the headers of a request to a notification, as "Push notifications" describes them: five are always there,
 * `X-Goog-Channel-Expiration` and `X-Goog-Channel-Token` sometimes.
 */

/** Header names in any case; a header that came several times as an array. */
export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

export type ReadHeaders =
  | { readonly ok: true; readonly token: string | undefined; readonly data: PushData }
  | { readonly ok: false; readonly problem: string };

/** The longest values that Google's own limits allow for, with room: ids have 64 characters, calendar ids some hundreds. */
const LONGEST: Readonly<Record<string, number>> = {
  'x-goog-channel-id': 64,
  'x-goog-message-number': 16,
  'x-goog-resource-id': 256,
  'x-goog-resource-state': 32,
  'x-goog-resource-uri': 4096,
};
const ALWAYS_THERE = Object.keys(LONGEST);

class BadHeader extends Error {}

function reader(headers: Headers): (name: string) => string | undefined {
  const byName = new Map<string, string | readonly string[] | undefined>();
  for (const [name, value] of Object.entries(headers)) byName.set(name.toLowerCase(), value);
  return (name) => {
    const value = byName.get(name);
    const given = typeof value === 'string' ? [value] : (value ?? []);
    if (given.length > 1) throw new BadHeader(`${name} is there more than once`);
    const text = given[0]?.trim();
    return text === '' ? undefined : text;
  };
}

function required(read: (name: string) => string | undefined, name: string): string {
  const value = read(name);
  if (value === undefined) {
    throw new BadHeader(
      `${name} is missing; a notification of Google Calendar has ${ALWAYS_THERE.join(', ')}`,
    );
  }
  if (value.length > (LONGEST[name] ?? 0)) throw new BadHeader(`${name} is too long`);
  return value;
}

function messageNumber(text: string): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(number)) {
    throw new BadHeader('x-goog-message-number is not a whole number');
  }
  return number;
}

function expiration(text: string | undefined): { channelExpiration?: string } {
  // An HTTP date. One that cannot be read costs nothing: renewal goes by what the watch call answered.
  const at = text === undefined || text.length > 64 ? Number.NaN : Date.parse(text);
  return Number.isNaN(at) ? {} : { channelExpiration: new Date(at).toISOString() };
}

/** The token; several are none that could verify. */
function tokenOf(read: (name: string) => string | undefined): string | undefined {
  try {
    return read('x-goog-channel-token');
  } catch {
    return '(several)';
  }
}

/** Reads the headers of one request that arrived at `now` (ms). Never looks at the body, which says nothing. */
export function readHeaders(headers: Headers, now: number): ReadHeaders {
  try {
    const read = reader(headers);
    const state = required(read, 'x-goog-resource-state');
    if (!/^\w+$/.test(state)) throw new BadHeader('x-goog-resource-state is not a word');
    const data: PushData = {
      channelId: required(read, 'x-goog-channel-id'),
      messageNumber: messageNumber(required(read, 'x-goog-message-number')),
      resourceId: required(read, 'x-goog-resource-id'),
      resourceState: state,
      resourceUri: required(read, 'x-goog-resource-uri'),
      ...expiration(read('x-goog-channel-expiration')),
      receivedAt: new Date(now).toISOString(),
    };
    return { ok: true, token: tokenOf(read), data };
  } catch (error) {
    if (error instanceof BadHeader) return { ok: false, problem: error.message };
    throw error;
  }
}
