/** A program of somebody who consumes the feed: says what a message is about. */
import { agendaOf } from 'calendar-mirror/agenda';
import { parseChange, parseNotification, type Change } from 'calendar-mirror/feed';

const say = (text: string): boolean => process.stdout.write(`${text}\n`);

function about({ itemId, change, sequence, after }: Change): string {
  // @ts-expect-error Whoever takes a number for a text is told so: the types have arrived.
  const wrong: string = sequence;
  return `${itemId} ${change} ${wrong} ${String(after?.['summary'])}`;
}

for (const data of process.argv.slice(2)) {
  const parsed = parseChange(new TextEncoder().encode(data));
  say(parsed.ok ? about(parsed.change) : parsed.problem);
}
say(parseNotification({ watch: 'team', reason: 'poll' }, '').ok ? 'a poll' : 'nothing');
say(`${agendaOf([], { from: 0, to: 1 }, 'UTC').occurrences.length} on`);
