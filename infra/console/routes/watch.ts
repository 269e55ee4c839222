/** The watch that a request names. */
import type { WatchResult } from '../../../functions/watches/watch.ts';
import type { Session } from '../../cli/session.ts';
import { RouteError } from '../server/exchange.ts';

/** Returns the error for a watch that does not exist. */
export const watchNotFound = (id: string): RouteError =>
  new RouteError(404, `watch ${JSON.stringify(id)} not found: it was deleted, or never existed`);

/** Returns a watch. @throws {RouteError} 404 */
export async function loadWatch({ admin }: Session, id: string): Promise<WatchResult> {
  const found = await admin.findWatch(id);
  if (found === undefined) throw watchNotFound(id);
  return found;
}
