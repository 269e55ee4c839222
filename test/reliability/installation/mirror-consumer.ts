/** A program that uses every module of `calendar-mirror`: compiled against the installed package, and run. */
import { agendaOf, type Agenda } from 'calendar-mirror/agenda';
import { parseChange, parseNotification, type Change } from 'calendar-mirror/feed';
import { busyTimes, joinLink, type JoinLink } from 'calendar-mirror/meetings';
import { WatchError, putWatch, type WatchSpec } from 'calendar-mirror/watches';
import { Firestore } from '@google-cloud/firestore';

const print = (text: string): boolean => process.stdout.write(`${text}\n`);

function describe({ itemId, change, sequence, after }: Change): string {
  // @ts-expect-error The types must have arrived: a number is not a string.
  const wrong: string = sequence;
  return `${itemId} ${change} ${wrong} ${String(after?.['summary'])}`;
}

for (const data of process.argv.slice(2)) {
  const parsed = parseChange(new TextEncoder().encode(data));
  print(parsed.ok ? describe(parsed.change) : parsed.problem);
}
print(parseNotification({ watch: 'team', reason: 'poll' }, '').ok ? 'a poll' : 'nothing');
const spec: WatchSpec = { user: 'ada@example.com', resource: 'settings', calendarId: 'primary' };
await putWatch(new Firestore({ projectId: 'p' }), spec).catch((error: unknown) => {
  print(error instanceof WatchError ? `${error.problem} ${error.message}` : String(error));
});
const agenda: Agenda = agendaOf([], { from: 0, to: 1 }, 'UTC');
print(`${agenda.occurrences.length} on, ${busyTimes(agenda.occurrences, { from: 0, to: 1 }).length} busy`);
const link: JoinLink | null = joinLink({ location: 'zoom.us/j/123' });
print(`${link?.provider} ${link?.url}`);
