import { useEffect, useRef } from 'preact/hooks';
import { barsOf, blocksOf } from '../state/week.ts';
import { clockOf } from '../state/zone.ts';
import { EventBlock } from './block.tsx';
import { cellId, numberOf, SLOT_MINUTES, SLOTS } from './board.ts';
import { drawing, pointerHandlers, preview } from './dragging.ts';
import { keyHandler, openAt } from './keys.ts';
import { NowLine } from './now-line.tsx';
import type { ComponentChildren } from 'preact';
import type { Block } from '../state/week.ts';
import type { Board, Shown } from './board.ts';

/** The height of the grid before eight in the morning is scrolled away at first. */
const FIRST_HOUR = 7.5;

const nameOf = (day: string, form: Intl.DateTimeFormatOptions): string =>
  new Intl.DateTimeFormat('en-GB', { ...form, timeZone: 'UTC' }).format(Date.parse(`${day}T00:00Z`));

/** Some days, with a row for what lasts all day and half an hour in each other row. */
export function WeekGrid({ board, label }: { readonly board: Board; readonly label?: string }) {
  const body = useRef<HTMLDivElement>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const { scrollTop } = board;
  useEffect(() => {
    const { current } = scroller;
    if (current) current.scrollTop = ((body.current?.offsetHeight ?? 0) * FIRST_HOUR) / 24;
  }, []);
  useEffect(() => {
    const { current } = scroller;
    return scrollTop?.subscribe((top) => {
      if (current && top !== undefined && top !== current.scrollTop) current.scrollTop = top;
    });
  }, [scrollTop]);
  const shown = board.days.value;
  const items = board.items.value.map((item) => ({ item, span: item.span }));
  const bars = barsOf(items, shown);
  const blocks = blocksOf(items, shown, board.zone.value);
  const lanes = Math.max(1, ...bars.map(({ lane }) => lane + 1));
  const style = { '--days': String(shown.length), '--lanes': String(lanes) };
  return (
    <div
      class="week"
      ref={scroller}
      role="grid"
      aria-label={`${label ?? 'Events'} from ${nameOf(shown[0] ?? '', LONG)} to ${nameOf(shown.at(-1) ?? '', LONG)}`}
      style={style}
      onKeyDown={keyHandler(board)}
      onScroll={({ currentTarget }) => {
        if (scrollTop) scrollTop.value = currentTarget.scrollTop;
      }}
      {...pointerHandlers(board, () => body.current)}
    >
      <div class="week-head" role="rowgroup">
        <div class="cells" role="row">
          <div class="corner" role="columnheader">
            <span class="visually-hidden">Time</span>
          </div>
          {shown.map((day) => (
            <div key={day} role="columnheader" class={day === board.today() ? 'day today' : 'day'}>
              <span aria-hidden="true">
                {nameOf(day, { weekday: 'short' })} <b>{Number(day.slice(8))}</b>
              </span>
              <span class="visually-hidden">{nameOf(day, LONG)}</span>
            </div>
          ))}
        </div>
        <div class="cells all-day" role="row">
          <div class="hour" role="rowheader">
            all day
          </div>
          {shown.map((day, index) => (
            <Cell board={board} key={index} day={index} slot={-1} label={`${nameOf(day, LONG)}, all day`}>
              {bars
                .filter((bar) => bar.day === index)
                .map(({ item, length, lane }) => (
                  <EventBlock
                    board={board}
                    key={item.key}
                    item={item}
                    reachable={isAt(board, index, -1)}
                    resizable={false}
                    style={{
                      top: `calc(2px + ${lane} * 22px)`,
                      height: '20px',
                      width: `calc(${length * 100}% - 3px)`,
                    }}
                  />
                ))}
            </Cell>
          ))}
        </div>
      </div>
      <div class="week-body" role="rowgroup" ref={body}>
        {Array.from({ length: SLOTS }, (_, slot) => (
          <Row board={board} key={slot} slot={slot} days={shown} blocks={blocks} />
        ))}
        <Ghosts board={board} />
        <NowLine board={board} />
      </div>
    </div>
  );
}

/** In more columns than this a block has no room for text. */
const THIN = 5;

const LONG = { weekday: 'long', day: 'numeric', month: 'long' } as const;

const isAt = ({ cursor }: Board, day: number, slot: number): boolean =>
  cursor.value.day === day && cursor.value.slot === slot;

interface RowProps {
  readonly board: Board;
  readonly slot: number;
  readonly days: readonly string[];
  readonly blocks: readonly Block<Shown>[];
}

function Row({ board, slot, days: shown, blocks }: RowProps) {
  const minute = slot * SLOT_MINUTES;
  const starting = blocks.filter(({ from }) => Math.floor(from / SLOT_MINUTES) === slot);
  return (
    <div class="cells" role="row">
      <div class="hour" role="rowheader">
        <span class={slot % 2 === 0 && slot > 0 ? '' : 'visually-hidden'}>{clockOf(minute)}</span>
      </div>
      {shown.map((day, index) => (
        <Cell
          board={board}
          key={index}
          day={index}
          slot={slot}
          label={`${nameOf(day, LONG)}, ${clockOf(minute)}`}
        >
          {starting
            .filter((block) => block.day === index)
            .map(({ item, from, to, column, columns, span, last }) => (
              <EventBlock
                board={board}
                key={item.key}
                item={item}
                reachable={isAt(board, index, slot)}
                resizable={last}
                minutes={{ from, to }}
                thin={columns / span > THIN}
                style={{
                  top: `calc(${from - minute} * var(--minute))`,
                  height: `calc(${Math.max(to - from, SLOT_MINUTES)} * var(--minute) - 2px)`,
                  left: `${(column / columns) * 100}%`,
                  width: `calc(${(span / columns) * 100}% - 3px)`,
                }}
              />
            ))}
        </Cell>
      ))}
    </div>
  );
}

interface CellProps {
  readonly board: Board;
  readonly day: number;
  readonly slot: number;
  readonly label: string;
  readonly children: ComponentChildren;
}

function Cell({ board, day, slot, label, children }: CellProps) {
  return (
    <div
      id={cellId(board, { day, slot })}
      class="slot"
      role="gridcell"
      data-at={String(numberOf({ day, slot }))}
      tabIndex={isAt(board, day, slot) ? 0 : -1}
      onFocus={() => {
        board.cursor.value = { day, slot };
      }}
      onClick={(event) => {
        if (event.target === event.currentTarget) openAt(board, { day, slot });
      }}
    >
      {/* Not an aria-label: that would hide the events in it from screen readers. */}
      <span class="visually-hidden">{label}</span>
      {children}
    </div>
  );
}

/** Where what is being dragged or drawn would go. */
function Ghosts({ board }: { readonly board: Board }) {
  const { value: days } = board.days;
  const draws = drawing(board);
  const drags = preview(board);
  const ghosts = drags ? blocksOf([{ item: undefined, span: drags.span }], days, board.zone.value) : [];
  const all = draws ? [...ghosts, draws] : ghosts;
  return (
    <div class="ghosts" aria-hidden="true">
      {all.map(({ day, from, to }) => (
        <div
          key={day}
          class="ghost"
          style={{
            left: `${(day / days.length) * 100}%`,
            width: `${100 / days.length}%`,
            top: `calc(${from} * var(--minute))`,
            height: `calc(${Math.max(to - from, 15)} * var(--minute))`,
          }}
        >
          {clockOf(from)} – {clockOf(to)}
        </div>
      ))}
    </div>
  );
}
