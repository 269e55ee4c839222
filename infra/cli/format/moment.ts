import type { ClockMessage } from '../../../functions/feed/clock-message.ts';
import { quoted } from '../../../functions/feed/phrases.ts';
import { printable, styled } from '../../terminal/output.ts';
import { clockText } from '../../terminal/times.ts';

/** Returns a moment of an event as a line: when it is due, whose, where, which moment, what happens, and the id of the occurrence. */
export function momentLine(
  { watchId, user, calendarId, eventId, moment, dueAt, startsAt, endsAt, late, event }: ClockMessage,
  timeZone: string,
): string {
  const timeOf = (time: string): string => clockText(Date.parse(time), timeZone);
  const where = calendarId === user ? 'events' : `events of ${calendarId}`;
  const hasStarted = Date.parse(startsAt) < Date.parse(dueAt);
  const what =
    moment === 'end'
      ? `ends at ${timeOf(endsAt)}`
      : `${hasStarted ? 'started' : 'starts'} at ${timeOf(startsAt)}`;
  const { summary } = event;
  const title = typeof summary === 'string' && summary !== '' ? quoted(summary) : '(untitled)';
  return [
    styled('dim', timeOf(dueAt)),
    printable(user),
    printable(where),
    styled('green', printable(moment)),
    `${title} ${what}${late === true ? styled('red', ' (late)') : ''}`,
    styled('dim', printable(`${watchId}/${eventId}`)),
  ].join('  ');
}
