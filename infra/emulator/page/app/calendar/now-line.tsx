import { dayTimeOf } from '../state/zone.ts';
import { tick } from '../server/clock.ts';
import { dayCount, days, zone } from './data.ts';

/** A line at the emulator's time, if its day is shown. */
export function NowLine() {
  const { day, minute } = dayTimeOf(tick.value, zone.value);
  const index = days.value.indexOf(day);
  if (index < 0) return null;
  return (
    <div
      class="now"
      aria-hidden="true"
      style={{
        top: `calc(${minute} * var(--minute))`,
        left: `calc(var(--gutter) + (100% - var(--gutter)) * ${index / dayCount.value})`,
        width: `calc((100% - var(--gutter)) / ${dayCount.value})`,
      }}
    />
  );
}
