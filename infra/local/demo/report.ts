import { table } from '../../terminal/output.ts';
import { collectionKey } from '../../../functions/watches/watch-id.ts';
import type { WatchSpec } from '../watches.ts';
import type { WatchVerdict } from '../verify.ts';
import type { Stage } from './stage.ts';

/** Counts the calls of the functions to the Calendar API for each watch, by `collectionKey`. */
export function countCalls({ cloud, watches }: Stage): Map<string, number> {
  const calls = new Map<string, number>();
  const requests = cloud.calendar.journal.requests();
  for (const { spec } of watches) {
    const paths = new Set([listPath(spec), `${listPath(spec)}/watch`]);
    const mine = requests.filter(
      ({ path, user, httpMethod }) =>
        user === spec.user &&
        paths.has(decodeURIComponent(path)) &&
        (httpMethod === 'GET' || path.endsWith('/watch')),
    );
    calls.set(collectionKey(spec), mine.length);
  }
  return calls;
}

function listPath({ resource, calendarId }: WatchSpec): string {
  return calendarId === undefined
    ? `/calendar/v3/users/me/${resource}`
    : `/calendar/v3/calendars/${calendarId}/${resource}`;
}

/** Formats a table with a line for each watch. */
export function formatReport(
  { stopwatch }: Stage,
  verdicts: readonly WatchVerdict[],
  calls: ReadonlyMap<string, number>,
): string {
  const rows = verdicts.map(({ watch, spec, state, items, changes, differences }) => {
    const latencies = stopwatch.latenciesOf(spec);
    return [
      watch,
      state,
      String(items),
      String(changes),
      String(calls.get(collectionKey(spec)) ?? 0),
      formatMs(percentile(latencies, 0.5)),
      formatMs(percentile(latencies, 0.95)),
      differences.length === 0 ? 'same' : `${differences.length} differences`,
    ];
  });
  const heading = ['watch', 'state', 'items', 'changes', 'API calls', 'median', 'p95', 'mirror and feed'];
  return table([heading, ...rows], [2, 3, 4, 5, 6]);
}

/** Returns a percentile by the nearest-rank method; undefined if there are no values. */
function percentile(values: readonly number[], share: number): number | undefined {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
}

function formatMs(ms: number | undefined): string {
  return ms === undefined ? '–' : `${Math.round(ms)} ms`;
}
