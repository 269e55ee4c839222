import type { ComponentChildren } from 'preact';
import { DayButtons, rangeOf } from '../../../../emulator/page/app/week/days.tsx';
import { isHidden } from '../parts/masked.tsx';
import { days, eventWatches, setWeek, turn, watch, zone } from './data.ts';

/** Which calendar and which days are shown. */
export function Toolbar({ children }: { readonly children?: ComponentChildren }) {
  return (
    <div class="week-bar">
      <h1>{rangeOf(days.value, 'short')}</h1>
      <span class="muted">{zone.value}</span>
      <span class="row" role="group" aria-label="Days">
        <DayButtons turn={turn} />
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
