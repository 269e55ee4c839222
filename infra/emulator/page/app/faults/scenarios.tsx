import { signal } from '@preact/signals';
import { attempt } from '../parts/toasts.tsx';
import { control } from '../server/api.ts';

interface Scenario {
  readonly name: string;
  readonly description: string;
}

const scenarios = signal<readonly Scenario[]>([]);

/** Loads the scenarios that the emulator knows. */
export async function loadScenarios(): Promise<void> {
  scenarios.value = await control<readonly Scenario[]>('GET', 'scenarios').catch(() => []);
}

/** Situations that have a name. */
export function Scenarios() {
  if (scenarios.value.length === 0) return null;
  return (
    <section class="stack" aria-labelledby="scenarios-heading">
      <h2 id="scenarios-heading">Scenarios</h2>
      <div class="presets">
        {scenarios.value.map(({ name, description }) => (
          <button
            key={name}
            type="button"
            class="preset"
            onClick={() =>
              void attempt(
                () => control('POST', `scenarios/${encodeURIComponent(name)}`),
                `Scenario started: ${name}`,
              )
            }
          >
            <b>{name}</b>
            <span class="muted">{description}</span>
          </button>
        ))}
      </div>
    </section>
  );
}
