import { useEffect, useId, useState } from 'preact/hooks';
import { messageOf } from '../../../protocol/message.ts';
import { Choice } from '../parts/choice.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { Field } from '../parts/field.tsx';
import { canWrite, titleOf } from '../state/event.ts';
import { changedFields, draftOf, newEvent, RULES, spanOfDraft } from '../state/form.ts';
import { focusEvent, shownNext } from './focus.ts';
import { Guests } from './guests.tsx';
import { TimeFields } from './fields.tsx';
import type { CalendarEntry, Span } from '../state/event.ts';
import type { Draft } from '../state/form.ts';
import type { EventActions, Shown } from './board.ts';

/** Which event, or which new one, a form shows. */
export type Open =
  | { readonly mode: 'create'; readonly span: Span }
  | { readonly mode: 'edit'; readonly item: Shown };

interface Props {
  readonly current: Open;
  readonly zone: string;
  /** The account that acts. */
  readonly user: string;
  /** The calendars that new events can go to. */
  readonly calendars: readonly CalendarEntry[];
  readonly actions: EventActions;
  readonly onClose: () => void;
}

/** The form of an event, in a dialog. */
export function EventForm(props: Props) {
  const { current, onClose } = props;
  const key = current.mode === 'edit' ? current.item.key : 'new';
  const title = current.mode === 'edit' ? titleOf(current.item.event) : 'New event';
  return (
    <Dialog title={title} onClose={onClose}>
      <Form key={key} {...props} />
    </Dialog>
  );
}

function Form({ current, zone, user, calendars, actions, onClose }: Props) {
  const item = current.mode === 'edit' ? current.item : undefined;
  const span = current.mode === 'edit' ? current.item.span : current.span;
  const [before] = useState(() => draftOf(item?.event ?? { id: '' }, span, zone));
  const [draft, setDraft] = useState(before);
  const [chosen, choose] = useState<string | undefined>(undefined);
  // Calendars may load after the form has opened.
  const calendarId = chosen ?? calendars[0]?.id;
  const [wrong, setWrong] = useState('');
  const locked = item !== undefined && !canWrite(item.calendar);
  const set = (changes: Partial<Draft>): void => setDraft((old) => ({ ...old, ...changes }));

  async function save(): Promise<void> {
    const after = spanOfDraft(draft, zone);
    if (typeof after === 'string') {
      setWrong(after);
      return;
    }
    setWrong('');
    let saved: boolean;
    if (item) {
      saved = await actions.change(item, changedFields(item.event, before, draft), after);
    } else if (calendarId === undefined) {
      setWrong('No writable calendar is available');
      return;
    } else {
      saved = await actions.create(calendarId, newEvent(draft, after, zone));
    }
    if (!saved) return;
    onClose();
    if (!item) return;
    // Its block may be a new one, at another place.
    await shownNext();
    focusEvent(item.key);
  }

  async function cancelAndClose(): Promise<void> {
    if (item && (await actions.cancel(item))) onClose();
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
        <TimeFields draft={draft} set={set} zone={zone} />
        {item ? null : (
          <Choice
            label="Calendar"
            value={calendarId ?? ''}
            options={calendars.map(({ id, summary, summaryOverride }) => [
              id,
              summaryOverride ?? summary ?? id,
            ])}
            onChange={choose}
          />
        )}
        {item?.event.recurringEventId === undefined ? (
          <RuleField value={draft.recurrence} onInput={(recurrence) => set({ recurrence })} />
        ) : (
          <SeriesRule item={item} load={actions.loadSeries} />
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
      {item ? <Guests item={item} respond={actions.respond} onDone={onClose} /> : null}
      {wrong === '' ? null : (
        <p class="error" role="alert">
          {wrong}
        </p>
      )}
      {locked ? (
        <p class="muted">{user} may only read this calendar. Act as another user to change the event.</p>
      ) : (
        <Buttons onCancel={item && (() => void cancelAndClose())} />
      )}
    </form>
  );
}

function Buttons({ onCancel }: { readonly onCancel: (() => void) | undefined }) {
  return (
    <div class="row end actions">
      {onCancel && (
        <button type="button" class="danger" onClick={onCancel}>
          Cancel event
        </button>
      )}
      <button type="submit" class="primary">
        {onCancel ? 'Save' : 'Create'}
      </button>
    </div>
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
function SeriesRule({ item, load }: { readonly item: Shown; readonly load: EventActions['loadSeries'] }) {
  const [rule, setRule] = useState('…');
  useEffect(() => {
    load(item).then(
      ({ recurrence = [] }) => setRule(recurrence.join(' ')),
      (error: unknown) => setRule(messageOf(error)),
    );
  }, [item.key]);
  return (
    <p class="muted">
      ↻ One of a series: <span class="mono">{rule}</span>
    </p>
  );
}
