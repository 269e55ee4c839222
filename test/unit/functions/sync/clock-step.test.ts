/** A run of the clock, on a mirror in memory. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { momentsOf } from '../../../../functions/agenda/moments.ts';
import { agendaOf } from '../../../../functions/agenda/occurrences.ts';
import type { Item } from '../../../../functions/calendar/resources.ts';
import type { OutgoingMessage } from '../../../../functions/feed/envelope.ts';
import { Conflict } from '../../../../functions/firestore/client.ts';
import type { Step } from '../../../../functions/mirror/commit.ts';
import { runClock } from '../../../../functions/sync/clock-step.ts';
import type { Clock } from '../../../../functions/watches/clock.ts';
import type { ClockStatus } from '../../../../functions/watches/clock-status.ts';
import type { Watch } from '../../../../functions/watches/watch.ts';
import { anyCalendar, FIRST, itemsOf } from '../../../support/any-calendar.ts';
import { anyClock, clockOf } from '../../../support/any-clock.ts';
import { readsOf } from '../../../support/mirror-reads.ts';
import { event } from '../../../support/sample-items.ts';
import { CLOCKED, NOW, sampleWatch, SYNCED, WATCH_SPEC } from '../../../support/sample-watch.ts';
import { syncContext } from '../../../support/sync-context.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const LEAD = 90_000;

interface Given {
  readonly items: readonly Item[];
  readonly clock: Clock;
  readonly now: number;
  readonly status?: Partial<ClockStatus>;
  readonly timeZone?: string;
  /** Called before each commit with its number. */
  readonly beforeCommit?: (attempt: number) => void;
  /** The watch as it is loaded again. */
  readonly reloaded?: (watch: Watch) => Watch | undefined;
}

/** Runs a clock. Returns what it published, as the ids of its messages, and the status that it committed. */
async function run({ items, clock, now, status = {}, timeZone = 'UTC', beforeCommit, reloaded }: Given) {
  const published: OutgoingMessage[] = [];
  const steps: Step[] = [];
  const warnings: unknown[] = [];
  const before = {
    key: clock.key,
    until: now,
    nextAt: status.until ?? now,
    sequence: SYNCED.sequence,
    ...status,
  };
  const watch = sampleWatch({ clock: before, sync: { ...SYNCED, timeZone } });
  const context = syncContext();
  let attempts = 0;
  const mirror = {
    ...context.mirror,
    readAtOnce: <T>(_: string, work: (reads: ReturnType<typeof readsOf>['reads']) => Promise<T>) =>
      work(readsOf(items, timeZone).reads),
    loadWatch: () => Promise.resolve(reloaded?.(watch)),
    commit: async (step: Step) => {
      beforeCommit?.((attempts += 1));
      steps.push(step);
      return { version: step.version, entry: undefined };
    },
  };
  const log = {
    ...context.log,
    info: () => undefined,
    warning: (message: string, fields: unknown) => warnings.push([message, fields]),
  };
  const publishClock = async (message: OutgoingMessage) => {
    published.push(message);
    return 'published';
  };
  await runClock({ ...context, mirror, log, now: () => now, publishClock }, watch, WATCH_SPEC, clock, now);
  return { published, steps, warnings, watch, committed: steps.at(-1)?.clock };
}

const ids = (messages: readonly OutgoingMessage[]): readonly string[] =>
  messages.map(({ attributes }) => attributes['ce-id'] ?? '').toSorted();
const dataOf = ({ data }: OutgoingMessage): unknown => JSON.parse(data.toString());
const time = (at: number) => ({ dateTime: new Date(at).toISOString() });
const meeting = (id: string, startsAt: number): Item =>
  event(id, { start: time(startsAt), end: time(startsAt + HOUR), updated: time(startsAt - DAY).dateTime });

describe('a run of the clock', () => {
  test('publishes exactly what is due within 90 s, and finds the next moment, for any calendar and clock', async () => {
    let found = 0;
    await fc.assert(
      fc.asyncProperty(
        anyCalendar,
        anyClock,
        fc.nat(),
        fc.integer({ min: 1, max: 3600 }),
        async (given, clock, chosen, ago) => {
          const { timeZone } = given;
          const items = itemsOf(given);
          const { occurrences } = agendaOf(
            items,
            { from: FIRST - 200 * DAY, to: FIRST + 400 * DAY },
            timeZone,
          );
          const any = momentsOf(occurrences, clock, { after: FIRST, until: FIRST + 100 * DAY });
          // One of the moments is a minute away.
          const now = (any[chosen % Math.max(1, any.length)]?.dueAt ?? FIRST) - MINUTE;
          const until = now - ago * 1000;
          const all = momentsOf(occurrences, clock, { after: until, until: now + DAY });
          const due = all.filter(({ dueAt }) => dueAt <= now + LEAD);
          found += due.length;
          const { published, committed } = await run({ items, clock, now, status: { until }, timeZone });
          expect(ids(published)).toEqual(
            due
              .map(
                ({ occurrence: { event: of, startsAt }, moment }) =>
                  `watch-1/${of.id}/${new Date(startsAt).toISOString()}/${moment.name}`,
              )
              .toSorted(),
          );
          const nextAt = all.find(({ dueAt }) => dueAt > now + LEAD)?.dueAt ?? now + DAY;
          expect(committed).toEqual({ key: clock.key, until: now + LEAD, nextAt, sequence: SYNCED.sequence });
        },
      ),
      { numRuns: 200 },
    );
    expect(found).toBeGreaterThan(20);
  });

  test('marks what is late, and drops and logs what is an hour late', async () => {
    const items = [
      meeting('old', NOW - 2 * HOUR),
      meeting('late', NOW - MINUTE),
      meeting('soon', NOW + MINUTE),
    ];
    const { published, warnings } = await run({
      items,
      clock: clockOf(['start']),
      now: NOW,
      status: { until: NOW - DAY },
    });
    expect(published.map(dataOf)).toMatchObject([{ eventId: 'late', late: true }, { eventId: 'soon' }]);
    expect(published.map(dataOf)[1]).not.toHaveProperty('late');
    const span = { from: new Date(NOW - DAY).toISOString(), to: new Date(NOW - HOUR).toISOString() };
    expect(warnings).toEqual([
      ['moments dropped, an hour late or more', { watch: 'watch-1', count: 1, ...span }],
    ]);
  });

  test('publishes again what changes have brought to the time that is done with', async () => {
    const items = [meeting('past', NOW - 2 * MINUTE), meeting('soon', NOW + MINUTE)];
    const again = { until: NOW + LEAD, from: NOW - 5 * MINUTE };
    const clock = clockOf(['start']);
    // The mirrored events have number 1.
    const changed = await run({ items, clock, now: NOW, status: { ...again, sequence: 0 } });
    expect(changed.published.map(dataOf)).toMatchObject([
      { eventId: 'past', late: true },
      { eventId: 'soon' },
    ]);
    const unchanged = await run({ items, clock, now: NOW, status: { ...again, sequence: 1 } });
    expect(unchanged.published.map(dataOf)).toMatchObject([{ eventId: 'soon' }]);
    expect(unchanged.committed).not.toHaveProperty('from');
  });

  test('is recorded on the new version if renew alone has written meanwhile', async () => {
    const version = { ...sampleWatch().version, nextDueAt: undefined };
    const { published, steps } = await run({
      items: [meeting('soon', NOW + MINUTE)],
      clock: clockOf(['start']),
      now: NOW,
      beforeCommit: (attempt) => {
        if (attempt === 1) throw new Conflict('renew came first');
      },
      reloaded: (watch) => ({ ...watch, version, nextDueAt: undefined, checkAt: NOW }),
    });
    expect(published).toHaveLength(1);
    expect(steps).toMatchObject([{ version }]);
  });

  test.each<readonly [string, (watch: Watch) => Watch | undefined]>([
    ['sync', (watch) => ({ ...watch, sync: { ...watch.sync, sequence: 11 } })],
    ['a person', (watch) => ({ ...watch, spec: sampleWatch({ spec: CLOCKED }).spec })],
    ['another clock', (watch) => ({ ...watch, clock: undefined })],
    ['a new state', (watch) => ({ ...watch, state: 'paused' })],
    ['a deletion', () => undefined],
  ])('starts again if %s came first', async (_, reloaded) => {
    const conflict = new Conflict('another came first');
    const beforeCommit = (): never => {
      throw conflict;
    };
    await expect(
      run({ items: [], clock: clockOf(['start']), now: NOW, beforeCommit, reloaded }),
    ).rejects.toBe(conflict);
  });
});
