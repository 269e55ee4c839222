/** A week of a watch of events: the mirror beside Google's own answer. */
import * as z from 'zod';

import type { WatchSpec } from '../../../functions/watches/spec.ts';
import { lazy } from '../../../functions/runtime/promises.ts';
import type { ConsoleContext } from '../context.ts';
import type { WeekAnswer } from '../model/week.ts';
import { RouteError, type Routes } from '../server/exchange.ts';
import { readWeek } from '../source/week.ts';
import { loadWatch } from './watch.ts';

const Query = z.object({
  from: z.iso.date(),
  days: z.coerce.number().int().min(1).max(31).default(7),
});

/** `GET /api/watches/<watch>/week?from=2030-01-07&days=7`. Days are those of the calendar's time zone. */
export const weekRoutes = ({ session, cloud }: ConsoleContext): Routes => {
  // Google's library takes long to load, and not every console shows a week.
  const loadGoogle = lazy(async () => {
    const { createGoogle } = await import('../source/google.ts');
    return createGoogle(session, cloud);
  });
  return {
    'GET /api/watches/*/week': async ({ query }, [id = '']): Promise<WeekAnswer> => {
      const wanted = Query.parse(Object.fromEntries(query));
      const found = await loadWatch(session, id);
      const spec = found.ok && found.watch.spec.ok ? found.watch.spec.value : undefined;
      if (spec?.target.resource !== 'events') throw notOfEvents(id, spec);
      return readWeek(session.firestore, await loadGoogle(), id, spec, wanted);
    },
  };
};

const notOfEvents = (id: string, spec: WatchSpec | undefined): RouteError =>
  new RouteError(
    400,
    spec === undefined
      ? `the spec of watch ${id} is not valid`
      : `watch ${id} mirrors ${spec.target.resource}: only a watch of events has a week`,
  );
