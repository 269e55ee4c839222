/** Valid notifications, as Google sends them to `receive`. */
import { randomUUID } from 'node:crypto';
import { mintToken } from '../../functions/watches/channel-token.ts';
import { readReceiveConfig } from '../../functions/config.ts';
import { notificationHeaders } from '../support/notification-request.ts';

/** Returns a generator of notification headers for a watch, each on a channel of its own, that a `receive` of this environment accepts. */
export function notifications(env: Readonly<Record<string, string>>) {
  const [key] = readReceiveConfig(env).CHANNEL_TOKEN_KEYS;
  if (key === undefined) throw new Error('the environment has no key to sign with');
  return (watch: string): Record<string, string> => {
    const channel = randomUUID();
    const headers = notificationHeaders(channel, mintToken(key, channel, watch));
    const texts = Object.entries(headers).map(([name, value]) => [name, String(value)]);
    return { 'Content-Length': '0', ...Object.fromEntries(texts) };
  };
}
