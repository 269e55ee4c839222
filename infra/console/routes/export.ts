/** A stretch of the timeline as a test file. */
import * as z from 'zod';

import { sentenceOf } from '../../../functions/feed/consumer.ts';
import { testFileOf } from '../model/export/test-file.ts';
import { filterOf, isShown } from '../model/filter.ts';
import { RouteError, type Routes } from '../server/exchange.ts';
import type { ConsoleContext } from '../context.ts';

/** Maximum number of changes: a longer test is hard to read, and takes long to run. */
const MOST = 500;

const Query = z.object({ from: z.string(), to: z.string(), replaced: z.enum(['0', '1']).default('0') });

/**
 * `GET /api/export?from=<change>&to=<change>`: the changes from one to the other that the timeline's filters show, as
 * `{ test, count }`. With `replaced=1` titles and addresses are replaced.
 */
export const exportRoutes = ({ state }: ConsoleContext): Routes => ({
  'GET /api/export': ({ query }) => {
    const given = Object.fromEntries(query);
    const { from, to, replaced } = Query.parse(given);
    const entries = state.entries();
    const [first, last] = [from, to].map((id) => entries.findIndex((entry) => entry.id === id));
    if (first === undefined || last === undefined || first < 0 || last < first)
      throw new RouteError(404, 'changes not found: only the latest are kept');
    const filter = filterOf(given);
    const shown = entries.slice(first, last + 1).filter((entry) => isShown(entry, filter));
    if (shown.length > MOST)
      throw new RouteError(400, `${shown.length} changes are too many for a test: choose ${MOST} or fewer`);
    const changes = shown.flatMap(({ id }) => state.findChange(id) ?? []);
    return {
      test: testFileOf(changes, { replaced: replaced === '1', sentenceOf }),
      count: changes.length,
    };
  },
});
