import { computed } from '@preact/signals';
import { choicesOf, indexOfChange, type ChoiceName } from '../../../model/filter.ts';
import { Choice, including } from '../../../../emulator/page/app/parts/choice.tsx';
import { FilterForm } from '../parts/filter-form.tsx';
import { isHidden, Masked } from '../parts/masked.tsx';
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
const LABELS: Readonly<Record<ChoiceName, string>> = {
  user: 'User',
  calendar: 'Calendar',
  resource: 'Resource',
  kind: 'Kind',
};
/** Filters whose values are addresses. */
const PERSONAL: ReadonlySet<string> = new Set(['user', 'calendar']);

/** The filters, the pause, and the jump to a change. They are in the address. */
export function Filters() {
  return (
    <FilterForm
      label="Filter changes"
      placeholder="words, an id, a kind"
      words={filter.value.q ?? ''}
      onWords={(q) => setFilter({ q })}
    >
      {NAMES.map((name) => (
        <FilterChoice key={name} name={name} />
      ))}
      <OneWatch />
      <Jump />
      <PauseButton />
      <CopyTest />
    </FilterForm>
  );
}

/** Only the address filters by a watch: the link of its page. */
function OneWatch() {
  const { watch } = filter.value;
  if (watch === undefined) return null;
  return (
    <button
      type="button"
      class="one-watch"
      title="Show the changes of all watches"
      onClick={() => setFilter({ watch: '' })}
    >
      <span>
        Watch <Masked class="mono" text={watch} />
      </span>
      <span aria-hidden="true">✕</span>
    </button>
  );
}

function FilterChoice({ name }: { readonly name: ChoiceName }) {
  const chosen = filter.value[name] ?? '';
  const known = including(choices[name]?.value ?? [], chosen);
  const isConcealed = PERSONAL.has(name) && isHidden();
  return (
    <Choice
      label={LABELS[name]}
      value={chosen}
      options={[
        ['', 'all'],
        ...known.map((value, index) => [value, isConcealed ? `${name} ${index + 1}` : value] as const),
      ]}
      onChange={(value) => setFilter({ [name]: value })}
    />
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
      <span>Go to sequence</span>
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
