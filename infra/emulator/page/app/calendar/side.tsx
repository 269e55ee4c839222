import { useState } from 'preact/hooks';
import { call, control } from '../server/api.ts';
import { setQuery } from '../server/navigation.ts';
import { Choice } from '../parts/choice.tsx';
import { Field } from '../parts/field.tsx';
import { attempt } from '../parts/toasts.tsx';
import { calendars, isShown, me, reloadCalendars, toggle, users } from './data.ts';
import type { CalendarEntry } from '../state/event.ts';

/** Whose calendars are shown, and which of them. */
export function Side() {
  return (
    <aside class="side" aria-label="Users and calendars">
      <Choice
        label="Acting as"
        value={me.value?.email ?? ''}
        options={
          users.data.value?.length
            ? users.data.value.map(({ email }) => [email, email])
            : [['', 'No users yet']]
        }
        onChange={(as) => setQuery({ as, hide: '' }, { push: true })}
      />
      <section aria-labelledby="calendars-heading">
        <h2 id="calendars-heading">Calendars</h2>
        <ul class="calendars">
          {calendars.value.map((calendar) => (
            <li key={calendar.id}>
              <CalendarBox calendar={calendar} />
            </li>
          ))}
        </ul>
      </section>
      <details open={users.data.value?.length === 0}>
        <summary>Add</summary>
        <div class="stack">
          <AddForm label="User" placeholder="ada@example.com" type="email" onAdd={addUser} />
          {me.value && <AddForm label="Calendar" placeholder="Team" type="text" onAdd={addCalendar} />}
        </div>
      </details>
    </aside>
  );
}

function CalendarBox({ calendar }: { readonly calendar: CalendarEntry }) {
  const { id, summary, summaryOverride, accessRole, backgroundColor } = calendar;
  return (
    <label class="check" style={{ '--color': backgroundColor ?? 'var(--accent)' }}>
      <input type="checkbox" class="color" checked={isShown(id)} onChange={() => toggle(id)} />
      <span class="name" dir="auto" title={id}>
        {summaryOverride ?? summary ?? id}
      </span>
      {accessRole === 'owner' ? null : <span class="muted">{accessRole}</span>}
    </label>
  );
}

async function addUser(email: string): Promise<void> {
  await control('POST', 'seed', { users: [{ email }] });
  await users.reload();
  setQuery({ as: email, hide: '' }, { push: true });
}

async function addCalendar(summary: string): Promise<void> {
  const user = me.value?.email ?? '';
  await call(user, 'POST', '/calendars', { body: { summary } });
  await reloadCalendars();
}

interface AddProps {
  readonly label: string;
  readonly placeholder: string;
  readonly type: 'email' | 'text';
  readonly onAdd: (value: string) => Promise<void>;
}

function AddForm({ label, placeholder, type, onAdd }: AddProps) {
  const [value, setValue] = useState('');
  async function add(): Promise<void> {
    if (await attempt(() => onAdd(value), `${label} added`)) setValue('');
  }
  return (
    <form
      class="add"
      onSubmit={(event) => {
        event.preventDefault();
        void add();
      }}
    >
      <Field
        label={label}
        inputMode={type}
        required
        placeholder={placeholder}
        value={value}
        onInput={setValue}
      />
      <button type="submit" aria-label={`Add ${label.toLowerCase()}`}>
        Add
      </button>
    </form>
  );
}
