import { count } from '../../../model/count.ts';
import type { DeadLetterList, DeadLetterView } from '../../../model/dead-letter.ts';
import { has } from '../parts/api.ts';
import { Copyable } from '../parts/copyable.tsx';
import { useLoaded } from '../parts/loaded.ts';
import { Masked } from '../parts/masked.tsx';
import { useNow } from '../parts/now.ts';
import { ageOf } from '../parts/times.ts';
import { VirtualList } from '../parts/virtual-list.tsx';
import { go, place } from '../state/place.ts';
import { Buttons } from './buttons.tsx';
import { Letter } from './letter.tsx';

const ROW_HEIGHT = 34;

const choose = (id: string): void => go({ view: 'dead-letters', query: { letter: id } }, { replace: true });

/** The notifications that sync could not process, the oldest first, and the chosen one in full. */
export function DeadLetters() {
  const { value, problem, loading, reload } = useLoaded('/api/dead-letters', has<DeadLetterList>('letters'));
  const letters = value?.letters ?? [];
  const chosen = letters.find(({ id }) => id === place.value.query['letter']);
  return (
    <div class="dead-letters">
      <h1 class="visually-hidden">Dead letters</h1>
      <div class="row">
        <p role="status">{loading ? 'Reading …' : countOf(value)}</p>
        <button type="button" disabled={loading} onClick={() => void reload()}>
          Refresh
        </button>
        <Buttons ids={[]} count={letters.length} onDone={reload} />
      </div>
      {problem !== undefined && <p class="error">{problem}</p>}
      {value?.orphaned && (
        <p>
          {value.orphaned.problem}: <Copyable text={value.orphaned.fix} />
        </p>
      )}
      <div class="panes">
        {letters.length === 0 ? (
          <p class="muted empty">
            {value === undefined
              ? ''
              : 'None. A notification that sync can never process is kept here, with the reason.'}
          </p>
        ) : (
          <VirtualList
            class="lines"
            items={letters}
            keyOf={({ id }) => id}
            rowHeight={ROW_HEIGHT}
            visible={chosen?.id}
            label="Dead letters, the oldest first"
            row={(letter) => <Row letter={letter} isOpen={letter === chosen} />}
          />
        )}
        {chosen && <Letter key={chosen.id} letter={chosen} onClose={() => choose('')} onDone={reload} />}
      </div>
    </div>
  );
}

function countOf(list: DeadLetterList | undefined): string {
  if (list === undefined) return '';
  const { length } = list.letters;
  if (list.more) return `${length} dead letters read; there may be more`;
  return count(length, 'dead letter');
}

function Row({ letter, isOpen }: { readonly letter: DeadLetterView; readonly isOpen: boolean }) {
  const { id, deadSince, watch, watchIsGone, notification, reason } = letter;
  const now = useNow();
  return (
    <button
      type="button"
      class="line"
      aria-expanded={isOpen}
      aria-controls="details"
      onClick={() => choose(isOpen ? '' : id)}
    >
      <time class="mono muted" dateTime={new Date(deadSince).toISOString()}>
        {ageOf(deadSince, now)}
      </time>
      <span class="badge">{notification ?? 'unknown'}</span>
      <span class="why" dir="auto" title={reason}>
        {reason}
      </span>
      <span class="watch muted">
        {watchIsGone && <span class="badge bad">gone</span>} <Masked text={watch ?? '–'} />
      </span>
    </button>
  );
}
