import { ownResponse, titleOf } from '../state/event.ts';
import { clockOf } from '../state/zone.ts';
import { isEditable } from './board.ts';
import type { Board, Minutes, Shown } from './board.ts';

interface Props {
  readonly board: Board;
  readonly item: Shown;
  /** Whether Tab reaches it: only the events of the chosen cell are in the tab order. */
  readonly reachable: boolean;
  readonly style: Readonly<Record<string, string>>;
  /** The minutes of the day that it takes; absent for all-day events. */
  readonly minutes?: Minutes;
  readonly resizable: boolean;
  /** Whether it is too thin for text. */
  readonly thin?: boolean;
}

/** An event in the grid. */
export function EventBlock({ board, item, reachable, style, minutes, resizable, thin }: Props) {
  const { event, calendar, key, mark } = item;
  const hidden = board.isHidden?.() === true;
  const title = hidden ? 'hidden' : titleOf(event);
  const response = ownResponse(event);
  const size = minutes ? sizeOf(minutes.to - minutes.from) : '';
  const where = hidden ? '' : (calendar.summary ?? calendar.id);
  // Its name is its text, of which some is for screen readers alone.
  const rest = [minutes ? '' : 'all day', response, mark?.words, where].filter(Boolean).join(', ');
  return (
    <button
      type="button"
      class={['event', response, size, mark?.name, hidden && 'concealed', thin && 'thin']
        .filter(Boolean)
        .join(' ')}
      data-key={key}
      tabIndex={reachable ? 0 : -1}
      style={{ '--color': calendar.backgroundColor ?? 'var(--accent)', ...style }}
      title={mark?.words ?? title}
      onClick={() => board.onOpen(item)}
    >
      <span class="title" dir="auto">
        {title}
      </span>
      {minutes && (
        <span class="time">
          <span class="visually-hidden">, </span>
          {clockOf(minutes.from)}
          <span class={size === 'short' ? 'visually-hidden' : 'until'}> – {clockOf(minutes.to)}</span>
        </span>
      )}
      <span class="visually-hidden">{rest === '' ? '' : `, ${rest}`}</span>
      {event.recurringEventId !== undefined && (
        <span class="recurs" aria-hidden="true">
          ↻
        </span>
      )}
      {resizable && isEditable(board, item) && <span class="handle" aria-hidden="true" />}
    </button>
  );
}

/** Half an hour has room for one line, and an hour for two. */
const sizeOf = (minutes: number): string => (minutes <= 30 ? 'short' : minutes < 75 ? 'brief' : '');
