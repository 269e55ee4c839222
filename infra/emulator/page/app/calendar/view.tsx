import { days, loadError, me, turn, users, zone } from './data.ts';
import { DayButtons, rangeOf } from '../week/days.tsx';
import { Editor } from '../week/editor.tsx';
import { WeekGrid } from '../week/grid.tsx';
import { openAt } from '../week/keys.ts';
import { board, editor } from './board.ts';
import { Side } from './side.tsx';

/** Users, their calendars and the events of a week. */
export function CalendarView() {
  const empty = users.data.value?.length === 0;
  return (
    <div class="split">
      <Side />
      <section class="stack" aria-label="Week">
        <div class="row">
          <h1>{rangeOf(days.value, 'long')}</h1>
          <span class="muted">{zone.value}</span>
          <span class="row end">
            <DayButtons turn={turn} />
            <button
              type="button"
              class="primary"
              disabled={!me.value}
              onClick={() => openAt(board, board.cursor.value)}
            >
              New event
            </button>
          </span>
        </div>
        {loadError.value === undefined ? null : (
          <p class="error" role="alert">
            {loadError.value}
          </p>
        )}
        {empty && (
          <p class="notice">
            No users yet. An account exists from its first request on; add one below “Calendars”, or start
            with a seed.
          </p>
        )}
        <WeekGrid board={board} />
      </section>
      <Editor editor={editor} />
    </div>
  );
}
