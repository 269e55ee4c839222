import { Agent, request as httpRequest } from 'node:http';

/** POST with Node's own HTTP, over connections that are kept: next to nothing to load for a process that starts from zero. */

export interface Answer {
  readonly status: number;
  readonly text: string;
}

/** Sends a body; no answer within `patience` (ms) is an error. */
export type Post = (body: string, headers: Record<string, string>, patience: number) => Promise<Answer>;

function createPost(url: string, request: typeof httpRequest, agent: Agent): Post {
  return (body, headers, patience) =>
    new Promise((resolve, reject) => {
      const signal = AbortSignal.timeout(patience);
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

/** A way to POST to one URL. Only who calls over TLS loads what speaks it. */
export async function connect(url: string): Promise<Post> {
  if (!url.startsWith('https:')) return createPost(url, httpRequest, new Agent({ keepAlive: true }));
  const https = await import('node:https');
  return createPost(url, https.request, new https.Agent({ keepAlive: true }));
}
