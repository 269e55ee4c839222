import { useState } from 'preact/hooks';
import { ask } from '../parts/ask.tsx';
import { Choice } from '../parts/choice.tsx';
import { attempt } from '../parts/toasts.tsx';
import { control } from '../server/api.ts';
import { tick } from '../server/clock.ts';
import { ahead } from '../server/live.ts';
import { formatDuration } from '../state/duration.ts';
import { zone } from '../calendar/data.ts';

const HOUR = 3_600_000;
const STEPS = [
  ['1 hour', HOUR],
  ['1 day', 24 * HOUR],
  ['8 days', 192 * HOUR],
] as const;
const UNITS = [
  ['minutes', 60_000],
  ['hours', HOUR],
  ['days', 24 * HOUR],
] as const;

const advance = (ms: number): Promise<boolean> =>
  attempt(() => control('POST', 'clock', { advanceMs: ms }), `Advanced by ${formatDuration(ms)}`);

/** The emulator's time, which can be advanced, and the state as a whole. */
export function ClockView() {
  const ms = tick.value;
  const difference = Math.round((ahead.value ?? 0) / 1_000) * 1_000;
  return (
    <div class="stack page narrow">
      <h1>Clock</h1>
      <section class="card stack" aria-label="Time">
        <p class="clock" role="timer">
          {new Date(ms).toLocaleTimeString('en-GB', { timeZone: zone.value })}
        </p>
        <p>
          {new Date(ms).toLocaleDateString('en-GB', { dateStyle: 'full', timeZone: zone.value })}{' '}
          <span class="muted">{zone.value}</span>
        </p>
        <p class="muted mono">{new Date(ms).toISOString().slice(0, 19)}Z</p>
        <p class="muted">
          {difference === 0
            ? 'The same as this machine’s.'
            : `${formatDuration(difference)} ${difference > 0 ? 'ahead of' : 'behind'} this machine’s.`}
        </p>
        <div class="row" role="group" aria-label="Advance">
          {STEPS.map(([label, step]) => (
            <button key={label} type="button" onClick={() => void advance(step)}>
              + {label}
            </button>
          ))}
        </div>
        <OwnStep />
        <p class="muted">
          Channels and tokens expire as time goes on. Eight days are more than a channel of a week lives.
        </p>
      </section>
      <section class="card stack" aria-labelledby="state-heading">
        <h2 id="state-heading">State</h2>
        <div class="row">
          <button
            type="button"
            onClick={() => void attempt(() => control('POST', 'settle'), 'All notifications are settled')}
          >
            Wait for notifications
          </button>
          <button type="button" class="danger" onClick={() => void reset()}>
            Reset everything
          </button>
        </div>
        <p>
          <a href="/emulator/coverage">What of the API is served</a>
        </p>
      </section>
    </div>
  );
}

function OwnStep() {
  const [count, setCount] = useState('30');
  const [unit, setUnit] = useState('minutes');
  const size = UNITS.find(([name]) => name === unit)?.[1] ?? 0;
  return (
    <form
      class="own"
      onSubmit={(event) => {
        event.preventDefault();
        void advance(Number(count) * size);
      }}
    >
      <label class="field">
        <span>Advance by</span>
        <input
          type="number"
          min="0"
          step="any"
          required
          value={count}
          onInput={({ currentTarget }) => setCount(currentTarget.value)}
        />
      </label>
      <Choice label="Unit" value={unit} options={UNITS.map(([name]) => [name, name])} onChange={setUnit} />
      <button type="submit">Advance</button>
    </form>
  );
}

async function reset(): Promise<void> {
  const sure = await ask(
    'Reset everything?',
    'Users, events, channels, rules, the journal and the clock go back to the initial state.',
    [{ label: 'Reset', value: 'reset', tone: 'danger' }],
  );
  if (sure !== undefined) await attempt(() => control('POST', 'reset'), 'Reset');
}
