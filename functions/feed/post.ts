import { Agent, request as httpRequest } from 'node:http';

import { idleSocketCloser } from '../runtime/sockets.ts';

/** POST with Node's own HTTP over keep-alive connections: a cold start loads next to nothing for it. */

export interface Answer {
  readonly status: number;
  readonly text: string;
}

/** Sends a body. @throws {Error} without an answer within `timeoutMs`. */
export type Post = (body: string, headers: Record<string, string>, timeoutMs: number) => Promise<Answer>;

function createPost(url: string, request: typeof httpRequest, agent: Agent): Post {
  const closeIdleSockets = idleSocketCloser([agent]);
  return (body, headers, timeoutMs) =>
    new Promise((resolve, reject) => {
      closeIdleSockets();
      const signal = AbortSignal.timeout(timeoutMs);
      const sent = request(
        url,
        {
          method: 'POST',
          agent,
          signal,
          headers: {
            ...headers,
            'content-type': 'application/json',
            'content-length': Buffer.byteLength(body),
          },
        },
        (response) => {
          const chunks: Buffer[] = [];
          response
            .on('data', (chunk: Buffer) => chunks.push(chunk))
            .once('end', () =>
              resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }),
            )
            .once('error', reject);
        },
      );
      sent.once('error', reject);
      sent.end(body);
    });
}

/** Returns a POST function for `url`; loads `node:https` only for https URLs. */
export async function connect(url: string): Promise<Post> {
  if (!url.startsWith('https:')) return createPost(url, httpRequest, new Agent({ keepAlive: true }));
  const https = await import('node:https');
  return createPost(url, https.request, new https.Agent({ keepAlive: true }));
}
