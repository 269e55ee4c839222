import { createHmac, timingSafeEqual, type KeyObject } from 'node:crypto';

/**
 * Channel tokens authenticate notifications.
 *
 * Google repeats a channel's token, at most 256 characters, in the `X-Goog-Channel-Token` header of every notification. Ours is
 * `v=1&kid=<key id>&watch=<watch id>&mac=<base64url>`, where the MAC is HMAC-SHA256 over channel id and watch id. The token names
 * the watch, so that receive needs no database. Unknown fields are ignored, so that later versions can add some.
 * https://developers.google.com/workspace/calendar/api/guides/push
 */

/** A key that signs channel tokens: `id` tells keys apart during a rotation and is not a secret. */
export interface TokenKey {
  readonly id: string;
  readonly secret: KeyObject;
}

const LONGEST_TOKEN = 256;
const WATCH_ID = /^[\w-]{1,100}$/;

export type Verified =
  | { readonly ok: true; readonly watchId: string }
  | { readonly ok: false; readonly reason: 'missing' | 'tooLong' | 'malformed' | 'unknownKey' | 'forged' };

function mac(key: TokenKey, channelId: string, watchId: string): Buffer {
  // Neither id can contain a line break (one is a header value, the other matches WATCH_ID), so pairs are unambiguous.
  return createHmac('sha256', key.secret)
    .update(`calendar-mirror/channel\n${channelId}\n${watchId}`)
    .digest();
}

/** Whether a watch may have this id: 1 to 100 letters, digits, `_` and `-`, and not reserved by Firestore (`__x__`). */
export const isWatchId = (id: string): boolean => WATCH_ID.test(id) && !/^__.*__$/.test(id);

/** Returns the token for a new channel, at most 203 characters. @throws {RangeError} for an invalid watch id */
export function mintToken(key: TokenKey, channelId: string, watchId: string): string {
  if (!isWatchId(watchId)) throw new RangeError('a watch id is 1 to 100 letters, digits, _ and -');
  return `v=1&kid=${key.id}&watch=${watchId}&mac=${mac(key, channelId, watchId).toString('base64url')}`;
}

function parse(token: string): ReadonlyMap<string, string> | undefined {
  const fields = new Map<string, string>();
  for (const pair of token.split('&')) {
    const [, name, value] = /^(\w+)=([^&=]*)$/.exec(pair) ?? [];
    if (name === undefined || value === undefined || fields.has(name)) return undefined;
    fields.set(name, value);
  }
  return fields;
}

/**
 * Verifies a token and returns the id of its watch, or why it is rejected. All `keys` verify, so that a key can be replaced while
 * channels signed with the old one are live. Compares in constant time.
 */
export function verifyToken(
  keys: readonly TokenKey[],
  channelId: string,
  token: string | undefined,
): Verified {
  if (token === undefined || token === '') return { ok: false, reason: 'missing' };
  if (token.length > LONGEST_TOKEN) return { ok: false, reason: 'tooLong' };
  const fields = parse(token);
  const watchId = fields?.get('watch');
  const given = fields?.get('mac');
  if (fields?.get('v') !== '1' || watchId === undefined || given === undefined || !isWatchId(watchId)) {
    return { ok: false, reason: 'malformed' };
  }
  const key = keys.find(({ id }) => id === fields.get('kid'));
  if (key === undefined) return { ok: false, reason: 'unknownKey' };
  const expected = Buffer.from(mac(key, channelId, watchId).toString('base64url'));
  const actual = Buffer.from(given);
  // Compare the text: decoding would accept several encodings of one MAC.
  const same = actual.length === expected.length && timingSafeEqual(actual, expected);
  return same ? { ok: true, watchId } : { ok: false, reason: 'forged' };
}
