import * as z from 'zod';

/** The OAuth client that users consent to, as the Cloud console hands it out, or bare. */

export interface OAuthClient {
  readonly id: string;
  readonly secret: string;
  /** `desktop` may be sent back to any port of this machine; what is bare does not say. */
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

/** Reads a client's JSON; undefined for what is none. */
export function parseClient(text: string): OAuthClient | undefined {
  try {
    return clientSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
