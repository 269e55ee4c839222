/** The form of an event over a week grid. The account, the calendars and what can be done are the page's. */
import { signal } from '@preact/signals';
import { instantOf } from '../state/zone.ts';
import { EventForm } from './event-form.tsx';
import type { ReadonlySignal } from '@preact/signals';
import type { CalendarEntry } from '../state/event.ts';
import type { EventActions, Minutes, Shown } from './board.ts';
import type { Open } from './event-form.tsx';

interface EditorOptions {
  readonly zone: ReadonlySignal<string>;
  /** The account that acts. */
  readonly user: () => string;
  /** The calendars that new events can go to. */
  readonly calendars: () => readonly CalendarEntry[];
  readonly actions: EventActions;
}

type EditorState = ReturnType<typeof createEditor>;

/** Returns an editor that is closed. */
export function createEditor(options: EditorOptions) {
  const { zone } = options;
  const open = signal<Open | undefined>(undefined);
  return {
    ...options,
    open,
    openItem: (item: Shown): void => {
      open.value = { mode: 'edit', item };
    },
    /** Opens the form of a new event on a day; without minutes, for all day. */
    openNew: (day: string, minutes?: Minutes, until = day): void => {
      const at = (minute: number): number => instantOf({ day, minute }, zone.value);
      open.value = {
        mode: 'create',
        span: minutes
          ? { allDay: false, start: at(minutes.from), end: at(minutes.to) }
          : { allDay: true, from: day, to: until },
      };
    },
  };
}

/** The form of the event that is open. */
export function Editor({
  editor: { open, zone, user, calendars, actions },
}: {
  readonly editor: EditorState;
}) {
  const current = open.value;
  if (!current) return null;
  return (
    <EventForm
      current={current}
      zone={zone.value}
      user={user()}
      calendars={calendars()}
      actions={actions}
      onClose={() => {
        open.value = undefined;
      }}
    />
  );
}
