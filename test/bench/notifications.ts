/** Valid notifications, as Google would send them to `receive`. */
import { randomUUID } from 'node:crypto';
import { mintToken } from '../../functions/channel/token.ts';
import { readReceiveConfig } from '../../functions/config.ts';
import { notificationHeaders } from '../support/notification-request.ts';

/** Makes the headers of a notification for a watch, on a channel of its own, that a `receive` of this environment believes. */
export function notifications(env: Readonly<Record<string, string>>) {
  const [key] = readReceiveConfig(env).CHANNEL_TOKEN_KEYS;
  if (key === undefined) throw new Error('there is no key to sign with');
  return (watch: string): Record<string, string> => {
    const channel = randomUUID();
    const headers = notificationHeaders(channel, mintToken(key, channel, watch));
    const texts = Object.entries(headers).map(([name, value]) => [name, String(value)]);
    return { 'Content-Length': '0', ...Object.fromEntries(texts) };
  };
}
