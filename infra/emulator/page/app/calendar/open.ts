/** Which event, or which new one, the editor shows. */
import { signal } from '@preact/signals';
import { canWrite } from '../state/event.ts';
import { instantOf } from '../state/zone.ts';
import { calendars, isShown, zone } from './data.ts';
import type { CalendarEntry, Span } from '../state/event.ts';
import type { Minutes } from '../week/board.ts';
import type { Open } from '../week/event-form.tsx';

export const open = signal<Open | undefined>(undefined);

/** Opens the form of a new event on a day; without minutes, for all day. */
export function openNew(day: string, minutes?: Minutes, until = day): void {
  const at = (minute: number): number => instantOf({ day, minute }, zone.value);
  const span: Span = minutes
    ? { allDay: false, start: at(minutes.from), end: at(minutes.to) }
    : { allDay: true, from: day, to: until };
  open.value = { mode: 'create', span };
}

/** Returns the calendars that new events can go to, those that are shown first. */
export function writable(): readonly CalendarEntry[] {
  return calendars.value
    .filter(canWrite)
    .toSorted(
      (a, b) =>
        Number(isShown(b.id)) - Number(isShown(a.id)) ||
        Number(b.primary ?? false) - Number(a.primary ?? false),
    );
}
