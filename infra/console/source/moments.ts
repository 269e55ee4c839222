/** The moments of the clock that are due in the next day, out of the mirror. */
import { readAgenda } from '../../../functions/agenda/index.ts';
import { momentsOf, windowsOf } from '../../../functions/agenda/moments.ts';
import { errorText } from '../../../functions/runtime/log.ts';
import type { Session } from '../../cli/session.ts';
import { momentChart, type Chart } from '../model/chart.ts';
import type { WatchView } from '../model/watch-view.ts';

/** Reading the agendas of more would cost more than the chart is worth. */
const MOST_WATCHES = 20;
const DAY_MS = 86_400_000;
/** How long the moments are kept before they are read again, ms. */
const FRESH_MS = 60_000;

/** Returns what makes the chart; it reads the mirror once a minute at most. */
export function createMoments({ admin, firestore, now }: Pick<Session, 'admin' | 'firestore' | 'now'>) {
  let kept:
    | { readonly at: number; readonly of: string; readonly dueAts: Promise<readonly number[]> }
    | undefined;

  /** Returns when the moments of a watch are due. */
  async function dueAtsOf(id: string, from: number): Promise<readonly number[]> {
    const found = await admin.findWatch(id);
    if (found?.ok !== true || !found.watch.spec.ok) return [];
    const { clock, target } = found.watch.spec.value;
    if (clock === undefined || target.calendarId === null) return [];
    const { user, calendarId } = target;
    const span = { after: from, until: from + DAY_MS };
    const timeZone = found.watch.sync.timeZone ?? 'UTC';
    const agendas = await Promise.all(
      windowsOf(clock, span).map((window) =>
        readAgenda(firestore, {
          user,
          calendarId,
          from: new Date(window.from),
          to: new Date(window.to),
          timeZone,
        }),
      ),
    );
    // An event that lasts from one window into another is in both.
    const occurrences = new Map(
      agendas.flatMap((agenda) =>
        agenda.occurrences.map((each) => [`${each.event.id} ${String(each.startsAt)}`, each] as const),
      ),
    );
    return momentsOf([...occurrences.values()], clock, span).map(({ dueAt }) => dueAt);
  }

  return async (watches: readonly WatchView[]): Promise<Chart> => {
    const ids = watches.filter(({ clock, state }) => clock && state !== 'removed').map(({ id }) => id);
    const at = now();
    if (ids.length > MOST_WATCHES) {
      const because = `${String(ids.length)} watches have a clock, and reading the agendas of more than ${String(MOST_WATCHES)} is too expensive`;
      return { ...momentChart([], at, ''), notKnown: { because, fix: null } };
    }
    const of = ids.join(' ');
    if (kept === undefined || kept.of !== of || at - kept.at > FRESH_MS) {
      const dueAts = Promise.all(ids.map((id) => dueAtsOf(id, at))).then((each) => each.flat());
      kept = { at, of, dueAts };
    }
    try {
      const note = ids.length === 0 ? 'No watch has a clock (spec.clock)' : null;
      return momentChart(await kept.dueAts, at, note);
    } catch (error) {
      kept = undefined;
      return { ...momentChart([], at, ''), notKnown: { because: errorText(error), fix: null } };
    }
  };
}
