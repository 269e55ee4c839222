import { days, eventsError, me, turn, users, zone } from './data.ts';
import { Editor } from './editor.tsx';
import { WeekGrid } from './grid.tsx';
import { cursor, openAt } from './keys.ts';
import { Side } from './side.tsx';

const range = (first: string, last: string): string =>
  new Intl.DateTimeFormat('en-GB', {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  }).formatRange(Date.parse(`${first}T00:00Z`), Date.parse(`${last}T00:00Z`));

/** Users, their calendars and the events of a week. */
export function CalendarView() {
  const empty = users.data.value?.length === 0;
  return (
    <div class="split">
      <Side />
      <section class="stack" aria-label="Week">
        <div class="row">
          <h1>{range(days.value[0] ?? '', days.value.at(-1) ?? '')}</h1>
          <span class="muted">{zone.value}</span>
          <span class="row end">
            <button type="button" aria-label="Earlier" onClick={() => turn(-1)}>
              ‹
            </button>
            <button type="button" onClick={() => turn(0)}>
              Today
            </button>
            <button type="button" aria-label="Later" onClick={() => turn(1)}>
              ›
            </button>
            <button type="button" class="primary" disabled={!me.value} onClick={() => openAt(cursor.value)}>
              New event
            </button>
          </span>
        </div>
        {eventsError.value === undefined ? null : (
          <p class="error" role="alert">
            {eventsError.value}
          </p>
        )}
        {empty && (
          <p class="notice">
            No users yet. An account exists from its first request on; add one below “Calendars”, or start
            with a seed.
          </p>
        )}
        <WeekGrid />
      </section>
      <Editor />
    </div>
  );
}
