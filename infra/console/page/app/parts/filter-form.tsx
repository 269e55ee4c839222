import type { ComponentChildren } from 'preact';
import { Field } from '../../../../emulator/page/app/parts/field.tsx';

interface Props {
  readonly label: string;
  readonly placeholder: string;
  readonly words: string;
  readonly onWords: (words: string) => void;
  readonly children: ComponentChildren;
}

/** Filters a list by words, to which the key `/` leads, and by what else it has. */
export function FilterForm({ label, placeholder, words, onWords, children }: Props) {
  return (
    <form class="filters" role="search" aria-label={label} onSubmit={(event) => event.preventDefault()}>
      <Field
        label="Filter"
        class="wide"
        id="filter"
        type="search"
        placeholder={placeholder}
        value={words}
        onInput={onWords}
      />
      {children}
    </form>
  );
}
