import { ownResponse, titleOf } from '../state/event.ts';
import { clockOf } from '../state/zone.ts';
import { isEditable } from './actions.ts';
import { open } from './open.ts';
import type { Shown } from './data.ts';

interface Props {
  readonly item: Shown;
  /** Whether Tab reaches it: only the events of the chosen cell are in the tab order. */
  readonly reachable: boolean;
  readonly style: Readonly<Record<string, string>>;
  /** The minutes of the day that it takes; absent for all-day events. */
  readonly minutes?: { readonly from: number; readonly to: number };
  readonly resizable: boolean;
}

/** An event in the grid. */
export function EventBlock({ item, reachable, style, minutes, resizable }: Props) {
  const { event, calendar, key } = item;
  const title = titleOf(event);
  const response = ownResponse(event);
  const time = minutes ? `${clockOf(minutes.from)} – ${clockOf(minutes.to)}` : 'all day';
  const size = minutes ? sizeOf(minutes.to - minutes.from) : '';
  return (
    <button
      type="button"
      class={`event ${response ?? ''} ${size}`}
      data-key={key}
      tabIndex={reachable ? 0 : -1}
      style={{ '--color': calendar.backgroundColor ?? 'var(--accent)', ...style }}
      aria-label={[title, time, response ?? '', calendar.summary ?? calendar.id].filter(Boolean).join(', ')}
      onClick={() => {
        open.value = { mode: 'edit', item };
      }}
    >
      <span class="title" dir="auto">
        {title}
      </span>
      {minutes && <span class="time">{size === 'short' ? clockOf(minutes.from) : time}</span>}
      {event.recurringEventId !== undefined && (
        <span class="recurs" aria-hidden="true">
          ↻
        </span>
      )}
      {resizable && isEditable(item) && <span class="handle" aria-hidden="true" />}
    </button>
  );
}

/** Half an hour has room for one line, and an hour for two. */
const sizeOf = (minutes: number): string => (minutes <= 30 ? 'short' : minutes < 75 ? 'brief' : '');
