import { connection, entries, health } from '../state/stream.ts';
import { useNow } from './now.ts';
import { ageOf } from './times.ts';

/** Health in one sentence: green only while the invariants hold and the page is connected. */
export function HealthLine() {
  const now = useNow();
  const state = health.value;
  if (connection.value === 'lost') {
    return (
      <p class="health lost" role="status">
        Connection lost: what is shown may be old. Trying again.
      </p>
    );
  }
  if (connection.value === 'ended') {
    return (
      <p class="health lost" role="status">
        The console was started again: open the address that it printed.
      </p>
    );
  }
  if (state === undefined) return <p class="health">Connecting …</p>;
  const lastAt = entries.value.at(-1)?.at ?? state.lastChangeAt;
  const last = lastAt === null ? 'no change yet' : `last change ${ageOf(lastAt, now)}`;
  return (
    <p class={`health ${state.ok ? 'good' : 'bad'}`} role="status">
      {state.sentence}; {last}
    </p>
  );
}
