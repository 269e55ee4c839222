/** Posts a notification to its receiver. */
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { OutgoingHttpHeaders } from 'node:http';
import type { Channel } from './channels.ts';

/** Timeout of an attempt. */
const ANSWER_TIMEOUT_MS = 30_000;

/** The values of `X-Goog-Resource-State`. */
export type NotificationState = 'sync' | 'exists' | 'not_exists';

export interface Message {
  readonly channel: Channel;
  readonly number: number;
  readonly state: NotificationState;
  /** Google's example has a Content-Type; captured notifications have none. */
  readonly contentType: boolean;
  /** The request that it is about, in the journal. */
  readonly cause: string | undefined;
}

/**
 * Returns the headers of a notification, as Google documents them
 * (https://developers.google.com/workspace/calendar/api/guides/push) and as captured notifications show them.
 */
function notificationHeaders({ channel, number, state, contentType }: Message): OutgoingHttpHeaders {
  return {
    Accept: '*/*',
    'Accept-Encoding': 'gzip, deflate, br',
    'Content-Length': '0',
    ...(contentType ? { 'Content-Type': 'application/json; utf-8' } : {}),
    'User-Agent': 'APIs-Google; (+https://developers.google.com/webmasters/APIs-Google.html)',
    'X-Goog-Channel-ID': channel.id,
    ...(channel.showsExpiration
      ? { 'X-Goog-Channel-Expiration': new Date(channel.expiresAt).toUTCString() }
      : {}),
    ...(channel.token === undefined ? {} : { 'X-Goog-Channel-Token': channel.token }),
    'X-Goog-Message-Number': String(number),
    'X-Goog-Resource-ID': channel.resourceId,
    'X-Goog-Resource-State': state,
    'X-Goog-Resource-URI': channel.resourceUri,
  };
}

/**
 * Sends a notification and resolves to the receiver's status. 102 counts as a response, because Google lists it among the
 * successes.
 * @throws Error on a connection error, an invalid certificate, or after 30 s without a response
 */
export async function post(message: Message, signal: AbortSignal): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const send = message.channel.address.startsWith('https:') ? httpsRequest : httpRequest;
  const outgoing = send(
    message.channel.address,
    // A new connection per message: a kept connection could close just as the next message is sent.
    {
      method: 'POST',
      headers: notificationHeaders(message),
      agent: false,
      signal,
      timeout: ANSWER_TIMEOUT_MS,
    },
    (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    },
  );
  outgoing.on('information', ({ statusCode }) => {
    if (statusCode === 102) resolve(statusCode);
  });
  outgoing.on('timeout', () => outgoing.destroy(new Error('the receiver did not respond in time')));
  outgoing.on('error', reject);
  outgoing.end();
  return promise;
}
