import { useEffect, useId, useState } from 'preact/hooks';
import { Dialog } from '../parts/dialog.tsx';
import { canWrite, titleOf } from '../state/event.ts';
import { changedFields, draftOf, newEvent, RULES, spanOfDraft } from '../state/form.ts';
import { cancel, change, create, focusEvent, seriesOf, shownNext } from './actions.ts';
import { me, zone } from './data.ts';
import { Guests } from './guests.tsx';
import { open, writable } from './open.ts';
import { Field, TimeFields } from './fields.tsx';
import type { Draft } from '../state/form.ts';
import type { Open } from './open.ts';
import type { Shown } from './data.ts';

const close = (): void => {
  open.value = undefined;
};

/** The form of the event that is open. */
export function Editor() {
  const current = open.value;
  if (!current) return null;
  const key = current.mode === 'edit' ? current.item.key : 'new';
  const title = current.mode === 'edit' ? titleOf(current.item.event) : 'New event';
  return (
    <Dialog title={title} onClose={close}>
      <Form key={key} current={current} />
    </Dialog>
  );
}

function Form({ current }: { readonly current: Open }) {
  const item = current.mode === 'edit' ? current.item : undefined;
  const span = current.mode === 'edit' ? current.item.span : current.span;
  const [before] = useState(() => draftOf(item?.event ?? { id: '' }, span, zone.value));
  const [draft, setDraft] = useState(before);
  const [calendarId, setCalendarId] = useState(item?.calendar.id ?? writable()[0]?.id ?? '');
  const [wrong, setWrong] = useState('');
  const locked = item !== undefined && !canWrite(item.calendar);
  const set = (changes: Partial<Draft>): void => setDraft((old) => ({ ...old, ...changes }));

  async function save(): Promise<void> {
    const after = spanOfDraft(draft, zone.value);
    if (typeof after === 'string') {
      setWrong(after);
      return;
    }
    setWrong('');
    const saved = item
      ? await change(item, changedFields(item.event, before, draft), after)
      : await create(calendarId, newEvent(draft, after, zone.value));
    if (!saved) return;
    close();
    if (!item) return;
    // Its block may be a new one, at another place.
    await shownNext();
    focusEvent(item.key);
  }

  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <fieldset class="stack" disabled={locked}>
        <Field label="Title" value={draft.title} onInput={(title) => set({ title })} autofocus />
        <TimeFields draft={draft} set={set} zone={zone.value} />
        {item ? null : <CalendarSelect value={calendarId} onChange={setCalendarId} />}
        {item?.event.recurringEventId === undefined ? (
          <RuleField value={draft.recurrence} onInput={(recurrence) => set({ recurrence })} />
        ) : (
          <SeriesRule item={item} />
        )}
        <Field
          label="Guests"
          placeholder="grace@example.com, alan@example.com"
          value={draft.guests}
          onInput={(guests) => set({ guests })}
        />
        <Field label="Location" value={draft.location} onInput={(location) => set({ location })} />
        <label class="field">
          <span>Description</span>
          <textarea
            dir="auto"
            value={draft.description}
            onInput={({ currentTarget }) => set({ description: currentTarget.value })}
          />
        </label>
      </fieldset>
      {item ? <Guests item={item} onDone={close} /> : null}
      {wrong === '' ? null : (
        <p class="error" role="alert">
          {wrong}
        </p>
      )}
      {locked ? (
        <p class="muted">
          {me.value?.email} may only read this calendar. Act as another user to change the event.
        </p>
      ) : (
        <Buttons item={item} />
      )}
    </form>
  );
}

async function cancelAndClose(item: Shown): Promise<void> {
  if (await cancel(item)) close();
}

function Buttons({ item }: { readonly item: Shown | undefined }) {
  return (
    <div class="row end actions">
      {item && (
        <button type="button" class="danger" onClick={() => void cancelAndClose(item)}>
          Cancel event
        </button>
      )}
      <button type="submit" class="primary">
        {item ? 'Save' : 'Create'}
      </button>
    </div>
  );
}

function CalendarSelect({
  value,
  onChange,
}: {
  readonly value: string;
  readonly onChange: (id: string) => void;
}) {
  return (
    <label class="field">
      <span>Calendar</span>
      <select value={value} onChange={({ currentTarget }) => onChange(currentTarget.value)}>
        {writable().map(({ id, summary, summaryOverride }) => (
          <option key={id} value={id}>
            {summaryOverride ?? summary ?? id}
          </option>
        ))}
      </select>
    </label>
  );
}

function RuleField({ value, onInput }: { readonly value: string; readonly onInput: (rule: string) => void }) {
  const list = useId();
  return (
    <>
      <Field
        label="Recurrence"
        placeholder="RRULE:FREQ=WEEKLY;COUNT=10"
        value={value}
        onInput={onInput}
        list={list}
      />
      <datalist id={list}>
        {RULES.map((rule) => (
          <option key={rule} value={rule} />
        ))}
      </datalist>
    </>
  );
}

/** The rule of the series that an occurrence belongs to. */
function SeriesRule({ item }: { readonly item: Shown }) {
  const [rule, setRule] = useState('…');
  useEffect(() => {
    seriesOf(item.calendar.id, item.event).then(
      ({ recurrence = [] }) => setRule(recurrence.join(' ')),
      (error: unknown) => setRule(error instanceof Error ? error.message : String(error)),
    );
  }, [item.key]);
  return (
    <p class="muted">
      ↻ One of a series: <span class="mono">{rule}</span>
    </p>
  );
}
