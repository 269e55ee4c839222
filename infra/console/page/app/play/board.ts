/** Google's side of the week as a grid in which events are created, moved, cancelled and answered. */
import { createEventActions } from '../../../../emulator/page/app/week/actions.ts';
import { createBoard } from '../../../../emulator/page/app/week/board.ts';
import { createEditor } from '../../../../emulator/page/app/week/editor.tsx';
import type { CalendarEvent } from '../../../../emulator/page/app/state/event.ts';
import { has, read } from '../parts/api.ts';
import { isHidden } from '../parts/masked.tsx';
import { googleItems } from '../week/boards.ts';
import { days, reloadWeek, tick, today, turn, watch, zone } from '../week/data.ts';
import { actor, play } from './data.ts';

const HINT = 'Google sends a notification, and the change appears below.';
const WORDS: Readonly<Record<string, string>> = {
  POST: 'event created',
  PATCH: 'event changed',
  DELETE: 'event cancelled',
};

const actions = createEventActions({
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

export const editor = createEditor({
  zone,
  user: () => actor.value,
  // The calendar of the watch; the emulator says whether the account may write to it.
  calendars: () => {
    const id = watch.value?.calendarId;
    return typeof id === 'string' ? [{ id, accessRole: 'owner' }] : [];
  },
  actions,
});

export const board = createBoard({
  name: 'play',
  days,
  zone,
  items: googleItems,
  now: tick,
  today,
  turn,
  isHidden,
  onOpen: editor.openItem,
  edit: { isEditable: () => true, openNew: editor.openNew, actions },
});
