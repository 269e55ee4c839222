import { useState } from 'preact/hooks';
import type { Health } from '../../../model/watch-view.ts';
import { linkTo } from '../state/place.ts';
import { connection, entries, health } from '../state/stream.ts';
import { Copyable } from './copyable.tsx';
import { Masked } from './masked.tsx';
import { useNow } from './now.ts';
import { ageOf } from './times.ts';

/** Health in one sentence: green only while the invariants hold and the page is connected. What is wrong opens below it. */
export function HealthLine() {
  const state = health.value;
  if (connection.value === 'lost') {
    return (
      <p class="health lost" role="status">
        Connection lost: what is shown may be old. Trying again.
      </p>
    );
  }
  if (connection.value === 'ended') {
    return (
      <p class="health lost" role="status">
        The console was started again: open the address that it printed.
      </p>
    );
  }
  if (state === undefined) return <p class="health">Connecting …</p>;
  return <Judged state={state} />;
}

function Judged({ state }: { readonly state: Health }) {
  const [isOpen, setOpen] = useState(false);
  const { ok, sentence, problems } = state;
  return (
    <section class={`health ${ok ? 'good' : 'bad'}`} aria-label="Health">
      <p>
        {/* Only what changes with the health is read out, not each second. */}
        <span role="status">{sentence}</span>; <LastChange />
        {problems.length > 0 && (
          <button
            type="button"
            class="small"
            aria-expanded={isOpen}
            aria-controls="problems"
            onClick={() => setOpen(!isOpen)}
          >
            {isOpen ? 'Hide' : 'What is wrong?'}
          </button>
        )}
      </p>
      {isOpen && problems.length > 0 && <Problems state={state} />}
    </section>
  );
}

function LastChange() {
  const now = useNow();
  const at = entries.value.at(-1)?.at ?? health.value?.lastChangeAt ?? null;
  return <>{at === null ? 'no change yet' : `last change ${ageOf(at, now)}`}</>;
}

const Problems = ({ state: { problems, more } }: { readonly state: Health }) => (
  <ul id="problems" class="problems" aria-label="Problems">
    {problems.map(({ watchId, text, fix }) => (
      <li key={watchId}>
        <a class="mono" {...linkTo({ view: 'watches', query: { watch: watchId } })}>
          <Masked text={watchId} />
        </a>{' '}
        {text} {fix !== null && <Copyable text={fix} personal={watchId} />}
      </li>
    ))}
    {more > 0 && <li>and {more} more, in the list of watches</li>}
  </ul>
);
