interface Props {
  readonly label: string;
  readonly value: string;
  /** The values, each with its text. */
  readonly options: readonly (readonly [value: string, text: string])[];
  readonly onChange: (value: string) => void;
  readonly class?: string;
}

/** One of some values, with its label. */
export function Choice({ label, value, options, onChange, class: name = '' }: Props) {
  return (
    <label class={`field ${name}`}>
      <span>{label}</span>
      <select value={value} onChange={({ currentTarget }) => onChange(currentTarget.value)}>
        {options.map(([key, text]) => (
          <option key={key} value={key}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}
