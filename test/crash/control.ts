import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { FunctionName } from '../../infra/local/function.ts';

/** The test's side of the seams: counts the effects that go by, and holds a process where it is to die. */

/** One place to die at: so many passages into a run, a function stands before or after an effect. */
export interface CrashPoint {
  readonly function: FunctionName;
  /** `before commit`, for example. */
  readonly at: string;
  /** From 1. */
  readonly occurrence: number;
}

export const nameOf = ({ function: name, at, occurrence }: CrashPoint): string =>
  `${name} ${at} #${occurrence}`;

export interface Control {
  /** Where the seams of a function ask. */
  url(name: FunctionName): string;
  /** Begins to count anew, and holds whoever comes to `point`; resolves when somebody does. */
  arm(point: CrashPoint): Promise<void>;
  /** Holds nobody any more; says whether somebody is held already. */
  disarm(): boolean;
  /** Begins to count anew. Hands back what tells the points that were passed since. */
  record(): () => readonly CrashPoint[];
  close(): Promise<void>;
}

export async function startControl(): Promise<Control> {
  let passed: CrashPoint[] = [];
  let armed: { readonly point: CrashPoint; readonly reached: () => void } | undefined;

  const pass = (request: IncomingMessage, response: ServerResponse): void => {
    const [, name, effect, when] = (request.url ?? '').split('/');
    const at = `${when} ${effect}`;
    if (name !== 'sync' && name !== 'renew') throw new Error(`no function has such a seam: ${request.url}`);
    const before = passed.filter((point) => point.function === name && point.at === at).length;
    const point = { function: name, at, occurrence: before + 1 } as const;
    passed.push(point);
    if (armed && nameOf(armed.point) === nameOf(point)) {
      // Whoever asked gets no answer any more, and nobody else is held.
      armed.reached();
      armed = undefined;
    } else {
      response.end();
    }
  };
  const server = createServer(pass).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the seams have no port to ask at');

  return {
    url: (name) => `http://127.0.0.1:${address.port}/${name}`,
    arm: (point) => {
      passed = [];
      return new Promise((reached) => {
        armed = { point, reached };
      });
    },
    disarm: () => {
      const isHeld = armed === undefined;
      armed = undefined;
      return isHeld;
    },
    record: () => {
      passed = [];
      return () => passed;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
