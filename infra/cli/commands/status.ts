import { adviceText } from '../../../functions/calendar/advice.ts';
import { adviceOn } from '../../../functions/calendar/reasons.ts';
import type { SyncStatus } from '../../../functions/watches/status.ts';
import type { WatchResult } from '../../../functions/watches/watch.ts';
import { watchId } from '../options.ts';
import type { Open, Session } from '../session.ts';
import { padded, printResult, printable, styled, table } from '../../terminal/output.ts';
import { localTimeZone } from '../../terminal/local-zone.ts';
import { fromNow, momentText, span } from '../../terminal/times.ts';
import { mustFind } from '../wait.ts';
import { formatClock, stateText, watchCount, watchJson, watchTable } from '../format/watch.ts';
import type { CommandSpec } from '../declare.ts';

/** `calendar-mirror status`: shows one watch in detail, or a summary of all with those that have problems. */
export const statusCommand: CommandSpec = {
  name: 'status [watch]',
  about: 'Show one watch in detail, or a summary of all watches with those that have problems.',
  notes:
    'The sequence of a watch is the number of its last change, with which a consumer can compare its own.',
  examples: [
    'status',
    'status ada-events-ada-1f2e3d4c5b6a7988',
    'status ada-events-ada-1f2e3d4c5b6a7988 --json',
  ],
  run,
};

type Readable = Extract<WatchResult, { ok: true }>;

const moment = (at: number | undefined, now: number): string =>
  at === undefined ? 'never' : `${fromNow(at, now)} (${momentText(at, localTimeZone())})`;

/** Describes failed syncs, with advice unless the state of the watch explains them. */
function formatFailures({ failures, error = '?' }: SyncStatus, isExplained: boolean): string | undefined {
  if (failures === 0) return undefined;
  const known = isExplained ? undefined : adviceOn(error);
  return `${String(failures)} consecutive failed syncs (${error})${known ? `: ${adviceText(known)}` : ''}`;
}

/** Returns the fields of a watch and their values. */
function fieldsOf(
  listed: Readable,
  items: number,
  follows: number,
  now: number,
): readonly (readonly [string, string])[] {
  const { watch } = listed;
  const { spec, sync, channel, nextDueAt } = watch;
  const watchSpec = spec.ok ? spec.value : undefined;
  const why = watch.detail ?? (spec.ok ? undefined : spec.problem);
  const all: readonly (readonly [string, string | undefined])[] = [
    ['watch', watch.id],
    ['user', watchSpec?.target.user],
    ['resource', watchSpec?.target.resource],
    ['calendar', watchSpec?.target.calendarId ?? undefined],
    ['event types', watchSpec?.parameters.eventTypes.join(', ') || undefined],
    ['single events', watchSpec?.parameters.singleEvents === true ? 'yes' : undefined],
    ['clock', watchSpec?.clock && formatClock(watchSpec.clock)],
    ['followed by', watch.followedBy],
    ['follows', watchSpec?.follow && `${watchCount(follows)}, from ${watchSpec.follow.role} up`],
    [
      'not followed',
      watch.follow?.idTaken
        ?.map(({ collection, id }) => `${collection} (the watch id ${id} belongs to another collection)`)
        .join(', '),
    ],
    ['state', stateText(listed)],
    ['reason', why],
    [
      'removal',
      watchSpec?.removed && `requested, items will be ${watchSpec.removed === 'keep' ? 'kept' : 'deleted'}`,
    ],
    ['channel', channel ? `${channel.id}, ends ${moment(channel.expiresAt, now)}` : 'none'],
    [
      'last sync',
      awaitsFirstSync(listed)
        ? 'never: the first one waits for its turn, or is under way'
        : moment(sync.completedAt, now),
    ],
    [
      'in progress',
      sync.traversal && `${sync.traversal.kind} sync, ${String(sync.traversal.stepsCommitted)} pages`,
    ],
    ['staleness', sync.startedAt === undefined ? undefined : span(now - sync.startedAt)],
    ['clock until', watchSpec?.clock && watch.clock && moment(watch.clock.until, now)],
    ['failures', formatFailures(sync, why !== undefined)],
    ['items', String(items)],
    ['sequence', String(sync.sequence)],
    ['skipped items', sync.skippedItems?.map(({ item, reason }) => `${item} (${reason})`).join(', ')],
    [
      'next check',
      nextDueAt === undefined
        ? `never, as nextDueAt is missing or not a Timestamp: run calendar-mirror renew ${watch.id}`
        : moment(nextDueAt, now),
    ],
  ];
  return all.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
}

/** Whether a watch has yet to be synced for the first time, and nothing is wrong with it. */
const awaitsFirstSync = (listed: WatchResult): boolean =>
  listed.ok &&
  listed.watch.spec.ok &&
  listed.watch.spec.value.removed === undefined &&
  ['pending', 'active', 'polling'].includes(listed.watch.state) &&
  listed.watch.sync.completedAt === undefined &&
  listed.watch.sync.failures === 0;

const isHealthy = (listed: WatchResult): boolean =>
  listed.ok &&
  listed.watch.nextDueAt !== undefined &&
  listed.watch.follow?.idTaken === undefined &&
  listed.watch.sync.failures === 0 &&
  !['paused', 'gone'].includes(listed.watch.state);

function overview(session: Session, watches: readonly WatchResult[]): void {
  const now = session.now();
  const states = Map.groupBy(watches, (listed) => (listed.ok ? listed.watch.state : 'unreadable'));
  const counts = [...states].map(([state, those]) => [state, those.length] as const);
  const affected = watches.filter((listed) => !isHealthy(listed));
  const waiting = watches.filter((listed) => awaitsFirstSync(listed)).length;
  if (session.json) {
    const problems = affected.map((listed) => watchJson(listed, now));
    session.printJson({
      watches: watches.length,
      states: Object.fromEntries(counts),
      awaitingFirstSync: waiting,
      problems,
    });
    return;
  }
  printResult(table([['state', 'watches'], ...counts.map(([state, count]) => [state, String(count)])], [1]));
  if (waiting > 0)
    printResult(
      `\n${watchCount(waiting)} still to be synced for the first time: sync gets to them by itself`,
    );
  if (affected.length === 0) return;
  printResult(`\n${styled('red', 'Problems')}`);
  printResult(watchTable(affected, now));
}

async function run(open: Open, [given]: readonly string[]): Promise<void> {
  const id = given === undefined ? undefined : watchId(given);
  const session = await open();
  if (id === undefined) return overview(session, await session.admin.listWatches());
  const listed = await mustFind(session, id);
  const { collection } = listed.watch;
  const items = collection === undefined ? 0 : await session.admin.countItems(collection);
  const follows = await session.admin.countFollowed(id);
  const now = session.now();
  if (session.json) session.printJson({ ...watchJson(listed, now), items, follows });
  else {
    for (const [name, value] of fieldsOf(listed, items, follows, now)) {
      printResult(`${styled('bold', padded(name, 13))}  ${name === 'state' ? value : printable(value)}`);
    }
  }
}
