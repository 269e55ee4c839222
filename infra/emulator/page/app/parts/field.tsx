interface Props {
  readonly label: string;
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly type?: 'text' | 'search' | 'date' | 'time';
  readonly id?: string;
  readonly inputMode?: 'text' | 'email';
  readonly class?: string;
  readonly placeholder?: string;
  readonly list?: string;
  readonly autofocus?: boolean;
  readonly required?: boolean;
}

/** A text, words to search for, a day or a time, with its label. */
export function Field({ label, value, onInput, type = 'text', class: name = '', autofocus, ...rest }: Props) {
  return (
    <label class={`field ${name}`}>
      <span>{label}</span>
      <input
        {...rest}
        type={type}
        // A dialog focuses this element when it opens.
        autoFocus={autofocus ?? false}
        dir={type === 'text' ? 'auto' : undefined}
        value={value}
        onInput={({ currentTarget }) => onInput(currentTarget.value)}
      />
    </label>
  );
}
