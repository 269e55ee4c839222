import type { ComponentChildren } from 'preact';
import { Choice } from '../../../../emulator/page/app/parts/choice.tsx';
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
      <Choice
        class="inline"
        label="Watch"
        value={watch.value?.id ?? ''}
        options={eventWatches.value.map(({ id, user, calendarId }, index) => [
          id,
          isHidden() ? `Watch ${index + 1}` : nameOf(user, calendarId),
        ])}
        onChange={(chosen) => setWeek({ watch: chosen, event: '', as: '' }, { replace: false })}
      />
      {children}
    </div>
  );
}

/** A user's own calendar is named by the user alone. */
const nameOf = (user: string | null, calendarId: string | null): string =>
  calendarId === user || calendarId === null ? (user ?? '') : `${calendarId} (${user ?? ''})`;
