/** Parses the body of a watch call, with Google's errors for invalid fields. */
import * as z from 'zod';
import { isLoopback } from '../protocol/host.ts';
import { CalendarError } from '../protocol/http.ts';

export interface ChannelRules {
  /** Maximum lifetime in seconds; longer ones are cut. 30 days by default; Google does not document its limit. */
  readonly maxTtlSeconds?: number;
  /** Whether `http://` addresses on this machine are accepted. True by default; Google requires HTTPS. */
  readonly allowHttpLoopback?: boolean;
  /** Whether `http://` addresses on every host are accepted, as of other containers. False by default. */
  readonly allowHttp?: boolean;
}

export interface ChannelRequest {
  readonly id: string;
  readonly address: string;
  readonly token?: string;
  /** Milliseconds since the epoch, in whole seconds, so that the answer and the header (an HTTP date) agree. */
  readonly expiresAt: number;
}

const DEFAULT_TTL_SECONDS = 604_800;
const DEFAULT_MAX_TTL_SECONDS = 2_592_000;
const MAX_ID_LENGTH = 64;
const MAX_TOKEN_LENGTH = 256;
/** Printable ASCII, because both become header values. */
const HEADER_TEXT = /^[\x20-\x7e]*$/;

/** An int64 is a string in Google's JSON, but the example of Google's guide has a number. */
const int64 = z.union([z.string().regex(/^-?\d+$/), z.int()]).transform(Number);

const body = z.looseObject({
  id: z.string().optional(),
  type: z.string().optional(),
  address: z.string().optional(),
  token: z.string().optional(),
  expiration: int64.optional(),
  payload: z.boolean().optional(),
  params: z.looseObject({ ttl: int64.optional() }).optional(),
});

/**
 * Parses the body of a watch call at the time `now` (milliseconds).
 * @throws CalendarError 400 `required`, `invalid`, `pushInvalidTtl`, `push.channelTypeNotSupported`, `push.webhookUrlNotHttps`
 */
export function readChannelRequest(input: unknown, now: number, rules: ChannelRules): ChannelRequest {
  const parsed = body.safeParse(input ?? {});
  if (!parsed.success) {
    throw invalid(parsed.error.issues[0]?.path.join('.') || 'resource');
  }
  const { id, type, address, token, expiration, params } = parsed.data;
  if (!id) throw required('id');
  if (!type) throw required('type');
  if (!address) throw required('address');
  if (id.length > MAX_ID_LENGTH || !HEADER_TEXT.test(id)) throw invalid('id');
  if (token !== undefined && (token.length > MAX_TOKEN_LENGTH || !HEADER_TEXT.test(token)))
    throw invalid('token');
  if (type !== 'web_hook' && type !== 'webhook') {
    throw badRequest('push.channelTypeNotSupported', `Channel type not supported: ${type}`);
  }
  checkAddress(address, rules);
  const seconds = lifetime(now, expiration, params?.ttl, rules.maxTtlSeconds ?? DEFAULT_MAX_TTL_SECONDS);
  const expiresAt = (Math.floor(now / 1000) + seconds) * 1000;
  return { id, address, ...(token === undefined ? {} : { token }), expiresAt };
}

/** Returns the lifetime in seconds: the requested one, up to the limit. */
function lifetime(
  now: number,
  expiration: number | undefined,
  ttl: number | undefined,
  limit: number,
): number {
  const lifetimes: number[] = [];
  if (expiration !== undefined) lifetimes.push(Math.floor(expiration / 1000) - Math.floor(now / 1000));
  if (ttl !== undefined) lifetimes.push(ttl);
  const shortest = lifetimes.length > 0 ? Math.min(...lifetimes) : DEFAULT_TTL_SECONDS;
  if (!Number.isSafeInteger(shortest) || shortest <= 0) {
    throw badRequest('pushInvalidTtl', `Invalid ttl value for channel ${shortest}`);
  }
  return Math.min(shortest, limit);
}

function checkAddress(address: string, { allowHttp = false, allowHttpLoopback = true }: ChannelRules): void {
  const url = URL.parse(address);
  if (url === null || !/^https?:$/.test(url.protocol)) throw invalid('address');
  if (url.protocol === 'https:' || allowHttp) return;
  if (allowHttpLoopback && isLoopback(url.hostname)) return;
  throw badRequest('push.webhookUrlNotHttps', `WebHook callback must be HTTPS: ${address}`);
}

/** 400: a field that the method needs is missing. */
export function required(field: string): CalendarError {
  return badRequest('required', `Missing required field: ${field}`);
}

function invalid(field: string): CalendarError {
  return badRequest('invalid', `Invalid value for: ${field}`);
}

function badRequest(reason: string, message: string): CalendarError {
  return new CalendarError(400, { domain: 'global', reason, message });
}
