/** The keyboard in the week grid: one cell at a time is in the tab order, and the arrows choose it. */
import { shift, stretch, STEP } from '../state/drag.ts';
import { addDays, DAY_MINUTES } from '../state/zone.ts';
import { cellId, cellOf, isEditable, numberOf, SLOT_MINUTES, SLOTS } from './board.ts';
import { giveUp, itemOf } from './dragging.ts';
import { focusEvent, shownNext } from './focus.ts';
import type { Span } from '../state/event.ts';
import type { Board, Cursor, Shown } from './board.ts';

function moveTo(board: Board, next: Cursor): void {
  const { days, turn, cursor } = board;
  const count = days.value.length;
  let { day } = next;
  const slot = Math.min(Math.max(next.slot, -1), SLOTS - 1);
  if (day < 0) {
    turn(-1);
    day = count - 1;
  } else if (day >= count) {
    turn(1);
    day = 0;
  }
  cursor.value = { day, slot };
  document.getElementById(cellId(board, { day, slot }))?.focus();
}

/** Opens the form of a new event at a cell: an hour, or the whole day. */
export function openAt({ days, edit }: Board, { day, slot }: Cursor): void {
  const name = days.value[day] ?? '';
  if (slot < 0) edit?.openNew(name, undefined, addDays(name, 1));
  else
    edit?.openNew(name, { from: slot * SLOT_MINUTES, to: Math.min(slot * SLOT_MINUTES + 60, DAY_MINUTES) });
}

const ARROWS: Readonly<Record<string, { readonly day: number; readonly slot: number }>> = {
  ArrowLeft: { day: -1, slot: 0 },
  ArrowRight: { day: 1, slot: 0 },
  ArrowUp: { day: 0, slot: -1 },
  ArrowDown: { day: 0, slot: 1 },
};

/** Returns the handler of keys in a grid. */
export const keyHandler =
  (board: Board) =>
  (event: KeyboardEvent): void => {
    const { target, key } = event;
    if (!(target instanceof Element)) return;
    const block = itemOf(board, target.closest('.event'));
    const item = block ?? (event.altKey ? shownAs(board, moving) : undefined);
    const handled = (item && onEvent(board, item, event)) || onCell(board, event, block === undefined);
    if (handled) event.preventDefault();
    else if (key === 'Escape' && giveUp(board)) event.stopPropagation();
  };

function onCell(
  board: Board,
  { key, altKey, ctrlKey, metaKey, currentTarget }: KeyboardEvent,
  onCellItself: boolean,
): boolean {
  if (altKey || ctrlKey || metaKey) return false;
  const { days, cursor, turn } = board;
  const { day, slot } = cursor.value;
  const arrow = ARROWS[key];
  if (arrow) moveTo(board, { day: day + arrow.day, slot: slot + arrow.slot });
  else if (key === 'Home') moveTo(board, { day: 0, slot });
  else if (key === 'End') moveTo(board, { day: days.value.length - 1, slot });
  else if (key === 'PageUp') turn(-1);
  else if (key === 'PageDown') turn(1);
  else if (key === 't') turn(0);
  else if (key === 'n' || key === 'p') jump(board, currentTarget, key === 'n' ? 1 : -1);
  else if ((key === 'Enter' || key === ' ') && onCellItself) openAt(board, cursor.value);
  else return false;
  return true;
}

function onEvent(board: Board, item: Shown, { key, altKey, shiftKey }: KeyboardEvent): boolean {
  const { edit, zone, cursor } = board;
  if (edit === undefined || !isEditable(board, item)) return false;
  const { actions } = edit;
  if (key === 'Delete' || key === 'Backspace') {
    void actions
      .cancel(item)
      .then((cancelled) => cancelled && document.getElementById(cellId(board, cursor.value))?.focus());
    return true;
  }
  const arrow = altKey ? ARROWS[key] : undefined;
  if (!arrow) return false;
  const delta = { days: arrow.day, minutes: arrow.slot * STEP };
  enqueue(board, item.key, (span) => (shiftKey ? stretch : shift)(span, delta, zone.value));
  return true;
}

let changes: Promise<unknown> = Promise.resolve();
/** The event that keys are moving. While it is on its way its block may leave the document, and a cell has the focus. */
let moving = '';

const shownAs = ({ items }: Board, key: string): Shown | undefined =>
  items.value.find((item) => item.key === key);

/** Changes the time of an event once the changes before are shown: a key may be held down. */
function enqueue(board: Board, key: string, next: (span: Span) => Span): void {
  moving = key;
  document.getElementById(cellId(board, board.cursor.value))?.focus();
  const mine = moveAfter(board, changes, key, next);
  changes = mine;
  void settle(mine, key);
}

/** Gives the focus back to the event once it is shown, unless another key has been pressed by then. */
async function settle(mine: Promise<unknown>, key: string): Promise<void> {
  await mine;
  await shownNext();
  if (changes !== mine) return;
  moving = '';
  focusEvent(key);
}

async function moveAfter(
  board: Board,
  before: Promise<unknown>,
  key: string,
  next: (span: Span) => Span,
): Promise<void> {
  await before;
  const item = shownAs(board, key);
  if (item) await board.edit?.actions.change(item, {}, next(item.span));
}

/** Goes to the next or the previous event of those that are shown, by time. */
function jump({ cursor }: Board, grid: EventTarget | null, direction: 1 | -1): void {
  if (!(grid instanceof Element)) return;
  const all = [...grid.querySelectorAll<HTMLElement>('.event')].map((element) => ({
    element,
    at: Number(element.closest<HTMLElement>('.slot')?.dataset['at'] ?? 0),
  }));
  const sorted = all.toSorted((a, b) => a.at - b.at);
  const current = sorted.findIndex(({ element }) => element === document.activeElement);
  const here = numberOf(cursor.value);
  const next =
    current >= 0
      ? sorted[current + direction]
      : direction > 0
        ? sorted.find(({ at }) => at >= here)
        : sorted.findLast(({ at }) => at < here);
  if (!next) return;
  cursor.value = cellOf(next.at);
  next.element.focus();
  next.element.scrollIntoView({ block: 'nearest' });
}
