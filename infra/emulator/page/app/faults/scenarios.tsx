import { attempt } from '../parts/toasts.tsx';
import { control } from '../server/api.ts';
import { createResource } from '../server/resource.ts';
import type { FaultTarget } from '../state/faults.ts';

interface Scenario {
  readonly name: string;
  readonly description: string;
  /** A JSON Schema. */
  readonly parameters: { readonly properties?: object };
}

const scenarios = createResource(() => control<readonly Scenario[]>('GET', 'scenarios'));

/** Loads the scenarios that the emulator knows. */
export const loadScenarios = (): Promise<void> => scenarios.reload();

/** Situations that have a name. */
export function Scenarios({ target }: { readonly target: FaultTarget }) {
  const list = scenarios.data.value ?? [];
  const { value: problem } = scenarios.error;
  if (list.length === 0 && problem === undefined) return null;
  return (
    <section class="stack" aria-labelledby="scenarios-heading">
      <h2 id="scenarios-heading">Scenarios</h2>
      {problem !== undefined && (
        <p class="error" role="alert">
          {problem}
        </p>
      )}
      <div class="presets">
        {list.map((scenario) => (
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
