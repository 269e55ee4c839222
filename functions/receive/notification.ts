import type { PushData } from '../feed/notification.ts';

/**
 * Reads a notification from the headers of a request. Five are always present, `X-Goog-Channel-Expiration` and
 * `X-Goog-Channel-Token` sometimes: https://developers.google.com/workspace/calendar/api/guides/push#receive-notifications
 */

/** Headers by name in any case; a repeated header as an array. */
export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

export type ReadHeaders =
  | { readonly ok: true; readonly token: string | undefined; readonly data: PushData }
  | { readonly ok: false; readonly problem: string };

/** Maximum lengths, above Google's own limits: ids have at most 64 characters, calendar ids some hundreds. */
const LONGEST: Readonly<Record<string, number>> = {
  'x-goog-channel-id': 64,
  'x-goog-message-number': 16,
  'x-goog-resource-id': 256,
  'x-goog-resource-state': 32,
  'x-goog-resource-uri': 4096,
};
const REQUIRED = Object.keys(LONGEST);

class BadHeader extends Error {}

type Read = (name: string) => string | undefined;

/** Returns a function that reads a header: undefined if it is missing or empty. @throws {BadHeader} if it is repeated */
function reader(headers: Headers): Read {
  const byName = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  return (name) => {
    const [text, ...others] = [byName.get(name) ?? []].flat();
    if (others.length > 0) throw new BadHeader(`duplicate header ${name}`);
    return text?.trim() || undefined;
  };
}

function required(read: Read, name: string): string {
  const value = read(name);
  if (value === undefined) {
    throw new BadHeader(`${name} is missing; a notification of Google Calendar has ${REQUIRED.join(', ')}`);
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
  // An HTTP date. An invalid one is ignored: renewal goes by the expiration in the watch response.
  const at = text === undefined || text.length > 64 ? Number.NaN : Date.parse(text);
  return Number.isNaN(at) ? {} : { channelExpiration: new Date(at).toISOString() };
}

/** Returns the token; a repeated header yields a value that cannot verify. */
function tokenOf(read: Read): string | undefined {
  try {
    return read('x-goog-channel-token');
  } catch {
    return '(several)';
  }
}

/** Reads the headers of a request that arrived at `now` (Unix ms). `problem` says why it is not a notification. */
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
