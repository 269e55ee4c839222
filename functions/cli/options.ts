import * as z from 'zod';

import { isWatchId } from '../channel/token.ts';
import { WrongUse } from './failure.ts';

/** What several commands take, parsed. */

/** How long to wait for the functions. */
export const waiting = { wait: z.boolean().default(true), timeout: z.number().default(120) };

/** A watch's id. @throws {WrongUse} for one that no watch can have. */
export function watchId(given: string | undefined): string {
  if (given !== undefined && isWatchId(given)) return given;
  throw new WrongUse(
    `${JSON.stringify(given ?? '')} is no watch's id (1 to 100 letters, digits, _ and -)`,
    'run calendar-mirror list',
  );
}
