import { WeekGrid } from '../../../../emulator/page/app/week/grid.tsx';
import { Copyable } from '../parts/copyable.tsx';
import { go, place } from '../state/place.ts';
import { about } from '../state/stream.ts';
import { googleBoard, mirrorBoard } from './boards.ts';
import { Chosen } from './chosen.tsx';
import { answer, eventWatches, reloadWeek, useWeek, watch, weekError } from './data.ts';
import { Toolbar } from './toolbar.tsx';
import { Verdict } from './verdict.tsx';

/** A week of a calendar out of the mirror, side by side with Google's own answer. */
export function Week() {
  useWeek();
  const week = answer.value;
  const { event } = place.value.query;
  if (about.value === undefined) return <p class="muted empty">Connecting …</p>;
  if (eventWatches.value.length === 0)
    return (
      <p class="muted empty">
        No watch of events yet. Add one: <Copyable text="calendar-mirror watch ada@example.com" />
      </p>
    );
  return (
    <div class="week-view">
      <Toolbar>
        <button type="button" onClick={() => void reloadWeek()}>
          Compare again
        </button>
        {about.value?.mode === 'local' && (
          <button
            type="button"
            class="primary"
            onClick={() => go({ view: 'play', query: { watch: watch.value?.id ?? '' } })}
          >
            Play Google
          </button>
        )}
      </Toolbar>
      {weekError.value !== undefined && (
        <p class="error" role="alert">
          {weekError.value}
        </p>
      )}
      {week && <Verdict week={week} />}
      {week === undefined && weekError.value === undefined && <p class="muted">Comparing …</p>}
      <div class="sides">
        {week?.google.ok !== false && (
          <section aria-label="Google">
            <h2>Google</h2>
            <WeekGrid board={googleBoard} label="Events of Google" />
          </section>
        )}
        <section aria-label="Mirror">
          <h2>Mirror</h2>
          <WeekGrid board={mirrorBoard} label="Events of the mirror" />
        </section>
        {week && event !== undefined && <Chosen week={week} id={event} />}
      </div>
    </div>
  );
}
