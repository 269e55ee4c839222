/** Google's side of the week as a grid in which events are created, moved, cancelled and answered. */
import { computed, signal } from '@preact/signals';
import { createEventActions } from '../../../../emulator/page/app/week/actions.ts';
import { createBoard } from '../../../../emulator/page/app/week/board.ts';
import { instantOf } from '../../../../emulator/page/app/state/zone.ts';
import type { CalendarEntry, CalendarEvent, Span } from '../../../../emulator/page/app/state/event.ts';
import type { Minutes } from '../../../../emulator/page/app/week/board.ts';
import type { Open } from '../../../../emulator/page/app/week/event-form.tsx';
import { has, read } from '../parts/api.ts';
import { isHidden } from '../parts/masked.tsx';
import { googleItems } from '../week/boards.ts';
import { days, reloadWeek, tick, today, turn, watch, zone } from '../week/data.ts';
import { actor, play } from './data.ts';

export const open = signal<Open | undefined>(undefined);

const HINT = 'Google sends a notification, and the change appears below.';
const WORDS: Readonly<Record<string, string>> = {
  POST: 'event created',
  PATCH: 'event changed',
  DELETE: 'event cancelled',
};

export const actions = createEventActions({
  call: (user, method, path, { body, query = {}, etag }) =>
    play(
      'calendar',
      { user, method, path, query, etag, body },
      HINT,
      `${WORDS[method] ?? method} as ${user}`,
    ),
  look: (user, path) =>
    read(`/api/play/calendar?${new URLSearchParams({ user, path })}`, has<CalendarEvent>('id')),
  user: () => actor.value,
  zone,
  reload: reloadWeek,
});

/** The calendar of the watch; the emulator says whether the account may write to it. */
export const calendars = computed((): readonly CalendarEntry[] => {
  const id = watch.value?.calendarId;
  return typeof id === 'string' ? [{ id, accessRole: 'owner' }] : [];
});

function openNew(day: string, minutes?: Minutes, until = day): void {
  const at = (minute: number): number => instantOf({ day, minute }, zone.value);
  const span: Span = minutes
    ? { allDay: false, start: at(minutes.from), end: at(minutes.to) }
    : { allDay: true, from: day, to: until };
  open.value = { mode: 'create', span };
}

export const board = createBoard({
  name: 'play',
  days,
  zone,
  items: googleItems,
  now: tick,
  today,
  turn,
  isHidden,
  onOpen: (item) => {
    open.value = { mode: 'edit', item };
  },
  edit: { isEditable: () => true, openNew, actions },
});
