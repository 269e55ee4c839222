import * as z from 'zod';

import { isInCalendar, RESOURCES } from '../calendar/resources.ts';
import { AUTH_MODES } from '../config.ts';
import { parseSpec, type Wish } from '../mirror/spec.ts';
import { watchIdOf } from '../mirror/watch-id.ts';
import type { Asked, Spec } from '../mirror/wishes.ts';
import { Failure, WrongUse } from './failure.ts';
import { followSpec } from './follow.ts';
import { waiting } from './options.ts';
import type { Open, Session } from './session.ts';
import { print, tell } from './terminal.ts';
import { judgeWatch } from './verdict.ts';
import { mustFind, waitFor } from './wait.ts';
import { watchCount, watchJson, watchTable } from './watch-view.ts';

/** `calendar-mirror watch`: writes wishes down and waits until they are served. */

const Options = z.object({
  ...waiting,
  resource: z.array(z.enum(RESOURCES)).default(['events']),
  calendar: z.array(z.string()).default(['primary']),
  eventTypes: z.array(z.string()).optional(),
  singleEvents: z.boolean().optional(),
  auth: z.enum(AUTH_MODES).optional(),
});

interface Intent {
  readonly spec: Spec;
  readonly wish: Wish;
}

/** A spec with the wish that it expresses. @throws {WrongUse} where it expresses none. */
function intentOf(spec: Spec): Intent {
  const parsed = parseSpec(spec);
  if (!parsed.ok)
    throw new WrongUse(parsed.problem.replaceAll('spec.', ''), 'see calendar-mirror watch --help');
  const { calendarId } = parsed.wish.target;
  return { spec: { ...spec, ...(calendarId === null ? {} : { calendarId }) }, wish: parsed.wish };
}

/** One wish for each resource, of each calendar where it belongs to one. @throws {WrongUse} for what cannot be wished. */
export function intentsOf(user: string, given: unknown): readonly Intent[] {
  const followed = followSpec(user, given);
  const { resource: resources, calendar: calendars, eventTypes, singleEvents, auth } = Options.parse(given);
  if (followed) return [intentOf({ ...followed, ...(auth === undefined ? {} : { auth }) })];
  const namesCalendar = z.object({ calendar: z.unknown() }).safeParse(given).data?.calendar !== undefined;
  const onEvents = resources.includes('events');
  if (namesCalendar && !resources.some(isInCalendar)) {
    throw new WrongUse(`${resources.join(' and ')} belong to no calendar`, 'leave out --calendar');
  }
  if (!onEvents && (eventTypes !== undefined || singleEvents !== undefined)) {
    throw new WrongUse('--event-types and --single-events go with events only', 'leave them out');
  }
  const specs = [...new Set(resources)].flatMap((resource): Spec[] => {
    const common = { user, resource, ...(auth === undefined ? {} : { auth }) };
    if (!isInCalendar(resource)) return [common];
    const ofEvents =
      resource === 'events'
        ? {
            ...(eventTypes === undefined ? {} : { eventTypes }),
            ...(singleEvents === undefined ? {} : { singleEvents }),
          }
        : {};
    return [...new Set(calendars)].map((calendarId) => ({ ...common, calendarId, ...ofEvents }));
  });
  return specs.map(intentOf);
}

async function write({ wishes }: Session, { spec, wish }: Intent): Promise<Asked> {
  const written = await wishes.writeWish(watchIdOf(spec), spec, wish);
  if (written.outcome === 'written') return written;
  throw new Failure(
    `the id ${written.id} is taken by a watch of something else`,
    'write the watch under another id (README.md, How it works)',
  );
}

export async function run(open: Open, [user = '']: readonly string[], given: unknown): Promise<void> {
  const options = Options.parse(given);
  const intents = intentsOf(user, given);
  const session = await open();
  const asked: Asked[] = [];
  for (const intent of intents) asked.push(await write(session, intent));
  const watches = await Promise.all(
    asked.map(({ id, at }) =>
      options.wait
        ? waitFor(session, id, options.timeout, (listed) => judgeWatch(listed, at))
        : mustFind(session, id),
    ),
  );
  const now = session.now();
  if (session.json) for (const listed of watches) session.printJson(watchJson(listed, now));
  else print(watchTable(watches, now));
  for (const { watch } of watches) {
    const follows = watch.spec.ok && watch.spec.wish.follow !== undefined && options.wait;
    if (follows) tell(`${watch.id} follows ${watchCount(await session.wishes.countFollowed(watch.id))}.`);
  }
  if (!options.wait) tell('Written; renew picks it up at its next run.');
}
