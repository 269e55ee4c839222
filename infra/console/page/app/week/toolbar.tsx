import type { ComponentChildren } from 'preact';
import { isHidden } from '../parts/masked.tsx';
import { days, eventWatches, setWeek, turn, watch, zone } from './data.ts';

const range = (first: string, last: string): string =>
  new Intl.DateTimeFormat('en-GB', {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    timeZone: 'UTC',
  }).formatRange(Date.parse(`${first}T00:00Z`), Date.parse(`${last}T00:00Z`));

/** Which calendar and which days are shown. */
export function Toolbar({ children }: { readonly children?: ComponentChildren }) {
  return (
    <div class="week-bar">
      <h1>{range(days.value[0] ?? '', days.value.at(-1) ?? '')}</h1>
      <span class="muted">{zone.value}</span>
      <span class="row" role="group" aria-label="Days">
        <button type="button" aria-label="Earlier" onClick={() => turn(-1)}>
          ‹
        </button>
        <button type="button" onClick={() => turn(0)}>
          Today
        </button>
        <button type="button" aria-label="Later" onClick={() => turn(1)}>
          ›
        </button>
      </span>
      <label class="field inline">
        <span>Watch</span>
        <select
          value={watch.value?.id ?? ''}
          onChange={({ currentTarget }) =>
            setWeek({ watch: currentTarget.value, event: '', as: '' }, { replace: false })
          }
        >
          {eventWatches.value.map(({ id, user, calendarId }, index) => (
            <option key={id} value={id}>
              {isHidden() ? `Watch ${index + 1}` : nameOf(user, calendarId)}
            </option>
          ))}
        </select>
      </label>
      {children}
    </div>
  );
}

/** A user's own calendar is named by the user alone. */
const nameOf = (user: string | null, calendarId: string | null): string =>
  calendarId === user || calendarId === null ? (user ?? '') : `${calendarId} (${user ?? ''})`;
