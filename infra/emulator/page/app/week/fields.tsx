import { Field } from '../parts/field.tsx';
import type { Draft } from '../state/form.ts';

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
