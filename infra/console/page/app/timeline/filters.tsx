import { computed } from '@preact/signals';
import { choicesOf, indexOfChange, type ChoiceName } from '../../../model/filter.ts';
import { isHidden } from '../parts/masked.tsx';
import { choose, filter, held, paused, setFilter, shown, togglePause } from '../state/timeline.ts';
import { entries } from '../state/stream.ts';
import { CopyTest } from './copy-test.tsx';

const NAMES = ['user', 'calendar', 'resource', 'kind'] as const;
/** A list is the same until a change has a new value, so that it is not drawn again with every change. */
const choices = Object.fromEntries(
  NAMES.map((name) => {
    let known: readonly string[] = [];
    return [name, computed(() => (known = choicesOf(entries.value, name, known)))];
  }),
);
/** Filters whose values are addresses. */
const PERSONAL: ReadonlySet<string> = new Set(['user', 'calendar']);

/** The filters, the pause, and the jump to a change. They are in the address. */
export function Filters() {
  return (
    <form
      class="filters"
      role="search"
      aria-label="Filter changes"
      onSubmit={(event) => event.preventDefault()}
    >
      <label class="field wide">
        <span>Filter</span>
        <input
          id="filter"
          type="search"
          placeholder="words, an id, a kind"
          value={filter.value.q ?? ''}
          onInput={({ currentTarget }) => setFilter({ q: currentTarget.value })}
        />
      </label>
      {NAMES.map((name) => (
        <Choice key={name} name={name} />
      ))}
      <Jump />
      <PauseButton />
      <CopyTest />
    </form>
  );
}

function Choice({ name }: { readonly name: ChoiceName }) {
  const chosen = filter.value[name];
  return (
    <label class="field">
      <span>{name}</span>
      <select
        value={chosen ?? ''}
        onChange={({ currentTarget }) => setFilter({ [name]: currentTarget.value })}
      >
        <option value="">all</option>
        {including(choices[name]?.value ?? [], chosen).map((value, index) => (
          <option key={value} value={value}>
            {PERSONAL.has(name) && isHidden() ? `${name} ${index + 1}` : value}
          </option>
        ))}
      </select>
    </label>
  );
}

const PauseButton = () => (
  <button type="button" aria-pressed={paused.value !== undefined} onClick={togglePause}>
    {paused.value === undefined ? 'Pause' : `Resume (${held.value} new)`}
  </button>
);

/** Goes to a change by its number. */
function Jump() {
  return (
    <label class="field">
      <span>go to sequence</span>
      <input
        type="text"
        inputMode="numeric"
        placeholder="42"
        onChange={({ currentTarget }) => {
          const list = shown.value;
          const found = list[indexOfChange(list, currentTarget.value)];
          currentTarget.setCustomValidity(found ? '' : 'No change with this sequence is shown.');
          currentTarget.reportValidity();
          if (found) choose(found.id);
        }}
      />
    </label>
  );
}

/** A filter in the address stays a choice when no change has its value yet. */
const including = (known: readonly string[], value: string | undefined): readonly string[] =>
  value === undefined || known.includes(value) ? known : [value, ...known];
