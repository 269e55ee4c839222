/** What every action has in common. */
import { Failure } from '../../cli/failure.ts';
import type { About } from '../model/stream.ts';
import { RouteError } from '../server/exchange.ts';

/**
 * Rejects an action against a project that the console may only read.
 * @throws {RouteError} 403
 */
export function requireWritable({ writable }: About): void {
  if (!writable) {
    throw new RouteError(403, 'the console is read-only: start it with --allow-writes to allow actions');
  }
}

/** Runs `work`, which fails as a command does: with what happened, and what to do next. @throws {RouteError} 409 */
export async function asCommand<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (!(cause instanceof Failure)) throw cause;
    throw new RouteError(409, cause.line, { cause });
  }
}
