/** The week grid over the emulator's own data, and the form of its events. */
import { call, look } from '../server/api.ts';
import { tick } from '../server/clock.ts';
import { canWrite } from '../state/event.ts';
import { createEventActions } from '../week/actions.ts';
import { createBoard } from '../week/board.ts';
import { createEditor } from '../week/editor.tsx';
import { calendars, days, events, isShown, me, reloadEvents, today, turn, zone } from './data.ts';
import type { CalendarEntry } from '../state/event.ts';

const actions = createEventActions({
  call,
  look,
  user: () => {
    const email = me.value?.email;
    if (email === undefined) throw new Error('Add a user first');
    return email;
  },
  zone,
  reload: reloadEvents,
});

export const editor = createEditor({
  zone,
  user: () => me.value?.email ?? '',
  calendars: writable,
  actions,
});

/** Returns the calendars that new events can go to, those that are shown first. */
function writable(): readonly CalendarEntry[] {
  return calendars.value
    .filter(canWrite)
    .toSorted(
      (a, b) =>
        Number(isShown(b.id)) - Number(isShown(a.id)) ||
        Number(b.primary ?? false) - Number(a.primary ?? false),
    );
}

export const board = createBoard({
  name: 'cell',
  days,
  zone,
  items: events,
  now: tick,
  today,
  turn,
  onOpen: editor.openItem,
  edit: { isEditable: ({ calendar }) => canWrite(calendar), openNew: editor.openNew, actions },
});
