/** The week grid over the emulator's own data. */
import { call, look } from '../server/api.ts';
import { tick } from '../server/clock.ts';
import { canWrite } from '../state/event.ts';
import { createEventActions } from '../week/actions.ts';
import { createBoard } from '../week/board.ts';
import { days, events, me, reloadEvents, today, turn, zone } from './data.ts';
import { open, openNew } from './open.ts';

export const actions = createEventActions({
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

export const board = createBoard({
  name: 'cell',
  days,
  zone,
  items: events,
  now: tick,
  today,
  turn,
  onOpen: (item) => {
    open.value = { mode: 'edit', item };
  },
  edit: { isEditable: ({ calendar }) => canWrite(calendar), openNew, actions },
});
