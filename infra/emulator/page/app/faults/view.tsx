import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { calendars, users } from '../calendar/data.ts';
import { Choice } from '../parts/choice.tsx';
import { attempt } from '../parts/toasts.tsx';
import { control } from '../server/api.ts';
import { actions, notificationPresets, requestPresets } from '../state/faults.ts';
import { Rules } from './rules.tsx';
import { loadScenarios, Scenarios } from './scenarios.tsx';
import type { FaultTarget, Preset } from '../state/faults.ts';

const target = signal<FaultTarget>({ user: '', calendarId: '', times: 1 });

/** What goes wrong on purpose. */
export function FaultsView() {
  useEffect(() => void loadScenarios(), []);
  return (
    <div class="stack page">
      <h1>Faults</h1>
      <Rules />
      <section class="stack" aria-labelledby="target-heading">
        <h2 id="target-heading">Add a fault</h2>
        <Target />
      </section>
      <Presets title="Requests" presets={requestPresets} />
      <Presets title="Notifications" presets={notificationPresets} />
      <section class="stack" aria-labelledby="now-heading">
        <h2 id="now-heading">At once</h2>
        <div class="presets">
          {actions.map(({ title, detail, path, body }) => (
            <PresetButton
              key={path}
              title={title}
              detail={detail}
              onClick={() => void attempt(() => control('POST', path, body(target.value)), `${title}: done`)}
            />
          ))}
        </div>
      </section>
      <Scenarios target={target.value} />
    </div>
  );
}

function Presets({ title, presets }: { readonly title: string; readonly presets: readonly Preset[] }) {
  return (
    <section class="stack" aria-label={title}>
      <h3>{title}</h3>
      <div class="presets">
        {presets.map((preset) => (
          <PresetButton
            key={preset.title}
            title={preset.title}
            detail={preset.detail}
            onClick={() =>
              void attempt(
                () => control('POST', 'faults', preset.rule(target.value)),
                `Rule added: ${preset.title}`,
              )
            }
          />
        ))}
      </div>
    </section>
  );
}

interface ButtonProps {
  readonly title: string;
  readonly detail: string;
  readonly onClick: () => void;
}

function PresetButton({ title, detail, onClick }: ButtonProps) {
  return (
    <button type="button" class="preset" onClick={onClick}>
      <b>{title}</b>
      <span class="muted">{detail}</span>
    </button>
  );
}

function Target() {
  const { user, calendarId, times } = target.value;
  const set = (change: Partial<FaultTarget>): void => {
    target.value = { ...target.value, ...change };
  };
  return (
    <form
      class="filters"
      aria-label="What the next fault is about"
      onSubmit={(event) => event.preventDefault()}
    >
      <Choice
        label="User"
        value={user}
        options={[['', 'Any'], ...(users.data.value ?? []).map(({ email }) => [email, email] as const)]}
        onChange={(chosen) => set({ user: chosen })}
      />
      <Choice
        label="Calendar"
        value={calendarId}
        options={[['', 'Any'], ...calendars.value.map(({ id, summary }) => [id, summary ?? id] as const)]}
        onChange={(chosen) => set({ calendarId: chosen })}
      />
      <Choice
        label="How often"
        value={String(times)}
        options={[
          ['1', 'Once'],
          ['3', '3 times'],
          ['10', '10 times'],
          ['0', 'Until removed'],
        ]}
        onChange={(chosen) => set({ times: Number(chosen) })}
      />
    </form>
  );
}
