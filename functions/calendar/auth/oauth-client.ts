import * as z from 'zod';

import { parseJson } from '../../runtime/json.ts';

/** The OAuth client that users consent to, as JSON from the Cloud console or as a plain id and secret. */

export interface OAuthClient {
  readonly id: string;
  readonly secret: string;
  /** A `desktop` client may redirect to any port of this machine; plain JSON does not say which kind it is. */
  readonly kind: 'web' | 'desktop' | 'unknown';
}

const pair = z.object({ client_id: z.string().min(1), client_secret: z.string().min(1) });

const clientOf =
  (kind: OAuthClient['kind']) =>
  ({ client_id: id, client_secret: secret }: z.infer<typeof pair>): OAuthClient => ({ id, secret, kind });

const clientSchema = z.union([
  pair.transform(clientOf('unknown')),
  z.object({ web: pair }).transform(({ web }) => clientOf('web')(web)),
  z.object({ installed: pair }).transform(({ installed }) => clientOf('desktop')(installed)),
]);

/** Parses the JSON of a client; undefined if it is not valid. */
export function parseClient(text: string): OAuthClient | undefined {
  return clientSchema.safeParse(parseJson(text)).data;
}
