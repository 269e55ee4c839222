import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { FunctionName } from '../../../infra/local/function.ts';

/** The test's side of the crash points: counts the effects that functions reach, and holds a process where it is to be killed. */

/** A place to die: before or after the nth occurrence of an effect. */
export interface CrashPoint {
  readonly function: FunctionName;
  /** For example `before commit`. */
  readonly at: string;
  /** From 1. */
  readonly occurrence: number;
}

export const nameOf = ({ function: name, at, occurrence }: CrashPoint): string =>
  `${name} ${at} #${occurrence}`;

export interface Control {
  /** The URL that the crash points of a function call. */
  url(name: FunctionName): string;
  /** Restarts the counts, and holds the process that reaches `point`; resolves when one does. */
  arm(point: CrashPoint): Promise<void>;
  /** Stops holding; returns whether a process is held already. */
  disarm(): boolean;
  /** Restarts the counts. Returns a function that returns the points reached since. */
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
      // This request gets no response, and no other process is held.
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
