import { useEffect } from 'preact/hooks';
import { Choice, including } from '../../../../emulator/page/app/parts/choice.tsx';
import { Editor } from '../../../../emulator/page/app/week/editor.tsx';
import { WeekGrid } from '../../../../emulator/page/app/week/grid.tsx';
import { openAt } from '../../../../emulator/page/app/week/keys.ts';
import { about } from '../state/stream.ts';
import { answer, setWeek, useWeek, weekError } from '../week/data.ts';
import { Toolbar } from '../week/toolbar.tsx';
import { Verdict } from '../week/verdict.tsx';
import { board, editor } from './board.ts';
import { actor, reloadStatus, status } from './data.ts';
import { Strip } from './strip.tsx';
import { Tools } from './tools.tsx';

/** Google, played by the emulator: edits by hand and trouble at a click, with the changes that follow below. */
export function Play() {
  if (about.value?.mode === 'deployed')
    return (
      <p class="muted empty">
        Only the cloud on this machine can play Google: open the console of calendar-mirror dev.
      </p>
    );
  if (about.value === undefined) return <p class="muted empty">Connecting …</p>;
  return <Table />;
}

function Table() {
  useWeek();
  useEffect(() => {
    void reloadStatus();
  }, []);
  const week = answer.value;
  return (
    <div class="play">
      <Toolbar>
        <Choice
          class="inline"
          label="Acting as"
          value={actor.value}
          options={including(status.value?.users ?? [], actor.value).map((email) => [email, email])}
          onChange={(as) => setWeek({ as })}
        />
        <button type="button" class="primary" onClick={() => openAt(board, board.cursor.value)}>
          New event
        </button>
      </Toolbar>
      <div class="table">
        {weekError.value !== undefined && (
          <p class="error" role="alert">
            {weekError.value}
          </p>
        )}
        {week && <Verdict week={week} />}
        <WeekGrid board={board} label="Events of Google" />
      </div>
      <Tools />
      <Strip />
      <Editor editor={editor} />
    </div>
  );
}
