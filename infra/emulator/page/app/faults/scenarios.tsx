import { signal } from '@preact/signals';
import { attempt } from '../parts/toasts.tsx';
import { control } from '../server/api.ts';
import type { FaultTarget } from '../state/faults.ts';

interface Scenario {
  readonly name: string;
  readonly description: string;
  /** A JSON Schema. */
  readonly parameters: { readonly properties?: object };
}

const scenarios = signal<readonly Scenario[]>([]);

/** Loads the scenarios that the emulator knows. */
export async function loadScenarios(): Promise<void> {
  scenarios.value = await control<readonly Scenario[]>('GET', 'scenarios').catch(() => []);
}

/** Situations that have a name. */
export function Scenarios({ target }: { readonly target: FaultTarget }) {
  if (scenarios.value.length === 0) return null;
  return (
    <section class="stack" aria-labelledby="scenarios-heading">
      <h2 id="scenarios-heading">Scenarios</h2>
      <div class="presets">
        {scenarios.value.map((scenario) => (
          <button
            key={scenario.name}
            type="button"
            class="preset"
            onClick={() =>
              void attempt(
                () => play(scenario, target),
                (outcome) => outcome.did,
              )
            }
          >
            <b>{scenario.name}</b>
            <span class="muted">{scenario.description}</span>
          </button>
        ))}
      </div>
    </section>
  );
}

/** Plays a scenario, about the chosen user or calendar if it can be narrowed to them. */
function play({ name, parameters }: Scenario, { user, calendarId }: FaultTarget): Promise<{ did: string }> {
  const chosen = Object.entries({ user, calendarId }).filter(
    ([key, value]) => value !== '' && Object.hasOwn(parameters.properties ?? {}, key),
  );
  return control('POST', `scenarios/${name}`, Object.fromEntries(chosen));
}
