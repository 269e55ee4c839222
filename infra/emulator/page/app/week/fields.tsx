import type { Draft } from '../state/form.ts';

interface FieldProps {
  readonly label: string;
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly type?: 'text' | 'date' | 'time';
  readonly placeholder?: string;
  readonly list?: string;
  readonly autofocus?: boolean;
  readonly required?: boolean;
}

/** A text, a day or a time, with its label. */
export function Field({ label, value, onInput, type = 'text', autofocus, ...rest }: FieldProps) {
  return (
    <label class="field">
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

interface TimeProps {
  readonly draft: Draft;
  readonly set: (changes: Partial<Draft>) => void;
  readonly zone: string;
}

/** When an event is. */
export function TimeFields({ draft, set, zone }: TimeProps) {
  const { allDay } = draft;
  return (
    <fieldset class="times">
      <legend class="visually-hidden">Time</legend>
      <Field
        label="Starts"
        type="date"
        required
        value={draft.startDay}
        onInput={(startDay) => set({ startDay, ...(draft.endDay < startDay && { endDay: startDay }) })}
      />
      {allDay ? null : (
        <Field
          label="at"
          type="time"
          required
          value={draft.startClock}
          onInput={(startClock) => set({ startClock })}
        />
      )}
      <Field label="Ends" type="date" required value={draft.endDay} onInput={(endDay) => set({ endDay })} />
      {allDay ? null : (
        <Field
          label="at "
          type="time"
          required
          value={draft.endClock}
          onInput={(endClock) => set({ endClock })}
        />
      )}
      <label class="check">
        <input
          type="checkbox"
          checked={allDay}
          onChange={({ currentTarget }) => set({ allDay: currentTarget.checked })}
        />
        All day
      </label>
      <span class="muted">{zone}</span>
    </fieldset>
  );
}
