import { isDeepStrictEqual } from 'node:util';

import { momentsOf, windowsOf, type DueMoment, type Span } from '../agenda/moments.ts';
import { agendaFrom } from '../agenda/occurrences.ts';
import { clockMessage } from '../feed/clock-message.ts';
import { Conflict } from '../firestore/client.ts';
import { itemPath } from '../firestore/paths.ts';
import type { AgendaReads } from '../mirror/agenda-queries.ts';
import type { MirroredItem } from '../mirror/items.ts';
import { withMetric } from '../runtime/metrics.ts';
import { timeOf } from '../watches/clock-due.ts';
import { LEAD_MS, type ClockStatus } from '../watches/clock-status.ts';
import type { Clock } from '../watches/clock.ts';
import type { WatchSpec } from '../watches/spec.ts';
import type { Watch } from '../watches/watch.ts';
import { MAX_LATE_MS } from './clock-changes.ts';
import { isOwed, progressOf, type NumberedMoment } from './clock-progress.ts';
import type { SyncContext } from './context.ts';

/** Publishes the moments of a watch's events that are due within the next 90 s, and finds out when the next one is. */

/** How far ahead to look for the next moment; without one, the clock is looked at again by then. */
const LOOK_AHEAD_MS = 24 * 3_600_000;
/** How far back to count the moments that are dropped. */
const COUNTED_MS = 24 * 3_600_000;

/** Reads the moments in a span from the mirror, all as of one time. */
async function readMoments(
  context: SyncContext,
  { collection, clock, timeZone }: { collection: string; clock: Clock; timeZone: string },
  span: Span,
): Promise<readonly NumberedMoment[]> {
  return context.mirror.readAtOnce(collection, async (reads) => {
    const sequences = new Map<string, number>();
    const note = (items: readonly MirroredItem[]): readonly MirroredItem[] => {
      for (const { item, sequence } of items) sequences.set(item.id, sequence);
      return items;
    };
    const noting: AgendaReads = {
      activeBetween: async (from, to) => note(await reads.activeBetween(from, to)),
      exceptionsBetween: async (first, last) => note(await reads.exceptionsBetween(first, last)),
    };
    const agendas = await Promise.all(
      windowsOf(clock, span).map((window) => agendaFrom(noting, window, timeZone)),
    );
    const numberOf = ({ id, recurringEventId }: DueMoment['occurrence']['event']): number =>
      sequences.get(id) ?? sequences.get(String(recurringEventId)) ?? 0;
    // An event that lasts from one window into another is in both.
    const occurrences = new Map(
      agendas.flatMap((agenda) =>
        agenda.occurrences.map((each) => [`${each.event.id} ${String(each.startsAt)}`, each]),
      ),
    );
    return momentsOf([...occurrences.values()], clock, span).map((each) => ({
      ...each,
      sequence: numberOf(each.occurrence.event),
    }));
  });
}

const isoText = (at: number): string => new Date(at).toISOString();

async function publishMoments(
  context: SyncContext,
  watch: Watch,
  { target: { user, calendarId }, collection }: WatchSpec,
  moments: readonly NumberedMoment[],
): Promise<number> {
  let lateCount = 0;
  const publishes = moments.map(({ moment, dueAt, occurrence, sequence }) => {
    const { event, startsAt, endsAt } = occurrence;
    const { recurringEventId } = event;
    const isLate = dueAt < timeOf(watch, context.now());
    if (isLate) lateCount += 1;
    const message = {
      watchId: watch.id,
      user,
      calendarId: calendarId ?? user,
      eventId: event.id,
      ...(typeof recurringEventId === 'string' ? { recurringEventId } : {}),
      moment: moment.name,
      dueAt: isoText(dueAt),
      startsAt: isoText(startsAt),
      endsAt: isoText(endsAt),
      sequence,
      ...(isLate ? { late: true } : {}),
      event,
    };
    return context.publishClock(clockMessage(message, itemPath(collection, event.id)));
  });
  // Every moment is published again after a failure, so wait for all of them before reporting one.
  const failed = (await Promise.allSettled(publishes)).find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
  return lateCount;
}

/** Logs the moments that are too late to be published, after an outage. Returns how many there were in the last day before. */
async function drop(context: SyncContext, watch: Watch, of: Parameters<typeof readMoments>[1], span: Span) {
  if (span.after >= span.until) return 0;
  const counted = { ...span, after: Math.max(span.after, span.until - COUNTED_MS) };
  const { length: count } = await readMoments(context, of, counted);
  const [from, to] = [isoText(span.after), isoText(span.until)];
  if (count > 0)
    context.log.warning('moments dropped, an hour late or more', { watch: watch.id, count, from, to });
  return count;
}

/**
 * Records how far the clock has got. Renew may have moved `nextDueAt` meanwhile, as it does right after it has asked for the clock: that
 * alone is not a reason to publish everything again.
 * @throws {Conflict} when anything else about the watch has changed since it was loaded
 */
async function record(context: SyncContext, watch: Watch, clock: ClockStatus): Promise<void> {
  const commit = ({ version, sync }: Watch) => context.mirror.commit({ watch, version, sync, clock });
  try {
    await commit(watch);
  } catch (error) {
    if (!(error instanceof Conflict)) throw error;
    const { id, spec, state, sync, clock: before } = watch;
    const now = await context.mirror.loadWatch(id);
    const isSame = isDeepStrictEqual(
      [now?.spec, now?.state, now?.sync, now?.clock],
      [spec, state, sync, before],
    );
    if (now === undefined || !isSame) throw error;
    await commit(now);
  }
}

/**
 * Publishes the moments of a watch that are due, and records how far that is done and when the next one is. `since` (Unix ms) is where
 * a first clock starts.
 * @throws {Conflict} when the watch has changed since it was loaded
 * @throws {PublishError}
 */
export async function runClock(
  context: SyncContext,
  watch: Watch,
  watchSpec: WatchSpec,
  clock: Clock,
  since: number,
): Promise<void> {
  const now = timeOf(watch, context.now());
  const { sync } = watch;
  const progress = progressOf(watch.clock, clock, since, now);
  const of = { collection: watchSpec.collection, clock, timeZone: sync.timeZone ?? 'UTC' };
  const oldest = now - MAX_LATE_MS;
  const dropped = await drop(context, watch, of, { after: progress.until, until: oldest });
  const until = now + LEAD_MS;
  const ahead = now + LOOK_AHEAD_MS;
  const found = await readMoments(context, of, { after: Math.max(progress.from, oldest), until: ahead });
  const due = found.filter((each) => each.dueAt <= until && isOwed(each, progress, now));
  const late = await publishMoments(context, watch, watchSpec, due);
  const nextAt = found.find(({ dueAt }) => dueAt > until)?.dueAt ?? ahead;
  const status = { key: clock.key, until, nextAt, sequence: sync.sequence };
  await record(context, watch, status);
  const ms = Math.max(0, context.now() - now);
  const metric = { metric: 'clock', published: due.length, late, dropped, ms } as const;
  context.log.info('moments published', withMetric({ watch: watch.id }, metric));
}
