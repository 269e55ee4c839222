import type { Listed } from '../mirror/wishes.ts';
import { watchId } from './options.ts';
import type { Open, Session } from './session.ts';
import { print, printable, styled, table } from './terminal.ts';
import { fromNow, iso, span } from './times.ts';
import { mustFind } from './wait.ts';
import { stateText, watchCount, watchJson, watchTable } from './watch-view.ts';

/** `calendar-mirror status`: one watch in full, or all of them in numbers and what is wrong with some. */

type Readable = Extract<Listed, { ok: true }>;

const moment = (at: number | undefined, now: number): string =>
  at === undefined ? 'never' : `${fromNow(at, now)} (${iso(at) ?? ''})`;

/** What there is to say of a watch, by name. */
function facts(
  listed: Readable,
  items: number,
  follows: number,
  now: number,
): readonly (readonly [string, string])[] {
  const { watch, detail } = listed;
  const { spec, sync, channel, nextDueAt } = watch;
  const wish = spec.ok ? spec.wish : undefined;
  const why = detail ?? (spec.ok ? undefined : spec.problem);
  const all: readonly (readonly [string, string | undefined])[] = [
    ['watch', watch.id],
    ['user', wish?.target.user],
    ['resource', wish?.target.resource],
    ['calendar', wish?.target.calendarId ?? undefined],
    ['event types', wish?.parameters.eventTypes.join(', ') || undefined],
    ['single events', wish?.parameters.singleEvents === true ? 'yes' : undefined],
    ['followed by', watch.followedBy],
    ['follows', wish?.follow && `${watchCount(follows)}, from ${wish.follow.role} up`],
    ['state', stateText(listed)],
    ['why', why],
    ['removal', wish?.removed && `asked for, items are to be ${wish.removed === 'keep' ? 'kept' : 'purged'}`],
    ['channel', channel ? `${channel.id}, ends ${moment(channel.expiresAt, now)}` : 'none'],
    ['last sync', moment(sync.completedAt, now)],
    ['under way', sync.traversal && `${sync.traversal.kind} sync, ${String(sync.traversal.position)} pages`],
    ['staleness', sync.startedAt === undefined ? undefined : span(now - sync.startedAt)],
    [
      'trouble',
      sync.failures > 0 ? `${String(sync.failures)} failed syncs in a row (${sync.error ?? '?'})` : undefined,
    ],
    ['items', String(items)],
    ['changes', String(sync.sequence)],
    ['set aside', sync.setAside?.map(({ item, reason }) => `${item} (${reason})`).join(', ')],
    ['next look', moment(nextDueAt, now)],
  ];
  return all.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
}

const isWell = (listed: Listed): boolean =>
  listed.ok && listed.watch.sync.failures === 0 && !['paused', 'gone'].includes(listed.watch.state);

function overview(session: Session, watches: readonly Listed[]): void {
  const now = session.now();
  const states = Map.groupBy(watches, (listed) => (listed.ok ? listed.watch.state : 'unreadable'));
  const counts = [...states].map(([state, those]) => [state, those.length] as const);
  const troubled = watches.filter((listed) => !isWell(listed));
  if (session.json) {
    const trouble = troubled.map((listed) => watchJson(listed, now));
    session.printJson({ watches: watches.length, states: Object.fromEntries(counts), trouble });
    return;
  }
  print(table([['state', 'watches'], ...counts.map(([state, count]) => [state, String(count)])], [1]));
  if (troubled.length === 0) return;
  print(`\n${styled('red', 'In trouble')}`);
  print(watchTable(troubled, now));
}

export async function run(open: Open, [given]: readonly string[]): Promise<void> {
  const id = given === undefined ? undefined : watchId(given);
  const session = await open();
  if (id === undefined) return overview(session, await session.wishes.listWatches());
  const listed = await mustFind(session, id);
  const { collection } = listed.watch;
  const items = collection === undefined ? 0 : await session.wishes.countItems(collection);
  const follows = await session.wishes.countFollowed(id);
  const now = session.now();
  if (session.json) session.printJson({ ...watchJson(listed, now), items, follows });
  else {
    for (const [name, value] of facts(listed, items, follows, now)) {
      print(`${styled('bold', name.padEnd(13))}  ${name === 'state' ? value : printable(value)}`);
    }
  }
}
