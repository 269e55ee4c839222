import { dayTimeOf } from '../state/zone.ts';
import type { Board } from './board.ts';

/** A line at the board's time, if its day is shown. */
export function NowLine({ board: { now, zone, days } }: { readonly board: Board }) {
  const { day, minute } = dayTimeOf(now.value, zone.value);
  const index = days.value.indexOf(day);
  if (index < 0) return null;
  const count = days.value.length;
  return (
    <div
      class="now"
      aria-hidden="true"
      style={{
        top: `calc(${minute} * var(--minute))`,
        left: `calc(var(--gutter) + (100% - var(--gutter)) * ${index / count})`,
        width: `calc((100% - var(--gutter)) / ${count})`,
      }}
    />
  );
}
