/** A client that keeps one connection open and measures each call until its last byte. */
import { Agent, type ClientRequest, request } from 'node:http';

interface Reply {
  readonly text: string;
  /** From the first byte sent to the last byte received. */
  readonly ms: number;
}

/** Calls a method. @throws Error for an answer other than a success */
export type Call = (method: string, path: string, body?: unknown) => Promise<Reply>;

export interface Connection {
  readonly call: Call;
  readonly close: () => void;
}

/** Opens a connection to a root URL. `tokenOf` returns the bearer token of each call. */
export function connect(url: string, tokenOf: () => string): Connection {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const call: Call = async (method, path, body) => {
    const sent = body === undefined ? undefined : JSON.stringify(body);
    const startedAt = performance.now();
    const outgoing = request(`${url}${path}`, {
      agent,
      method,
      headers: {
        authorization: `Bearer ${tokenOf()}`,
        ...(sent !== undefined && {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(sent),
        }),
      },
    });
    outgoing.end(sent);
    const { status, bytes } = await answerTo(outgoing);
    const ms = performance.now() - startedAt;
    const text = bytes.toString();
    if (status >= 300) throw new Error(`${method} ${path}: ${String(status)} ${text.slice(0, 300)}`);
    return { text, ms };
  };
  return { call, close: () => agent.destroy() };
}

function answerTo(outgoing: ClientRequest): Promise<{ readonly status: number; readonly bytes: Buffer }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; bytes: Buffer }>();
  outgoing.once('error', reject);
  outgoing.once('response', (response) => {
    const chunks: Buffer[] = [];
    response.on('data', (chunk: Buffer) => chunks.push(chunk));
    response.once('error', reject);
    response.once('end', () => resolve({ status: response.statusCode ?? 0, bytes: Buffer.concat(chunks) }));
  });
  return promise;
}
