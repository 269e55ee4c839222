/** Returns the values with the chosen one, which stays a choice before anything has it. */
export const including = (known: readonly string[], chosen: string): readonly string[] =>
  chosen === '' || known.includes(chosen) ? known : [chosen, ...known];

interface Props {
  readonly label: string;
  readonly value: string;
  /** The values, each with its text. */
  readonly options: readonly (readonly [value: string, text: string])[];
  readonly onChange: (value: string) => void;
  readonly id?: string;
  readonly class?: string;
}

/** One of some values, with its label. */
export function Choice({ label, value, options, onChange, id, class: name = '' }: Props) {
  return (
    <label class={`field ${name}`}>
      <span>{label}</span>
      <select id={id} value={value} onChange={({ currentTarget }) => onChange(currentTarget.value)}>
        {options.map(([key, text]) => (
          <option key={key} value={key}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}
