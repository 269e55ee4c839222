/** The keyboard in the week grid: one cell at a time is in the tab order, and the arrows choose it. */
import { signal } from '@preact/signals';
import { shift, stretch, STEP } from '../state/drag.ts';
import { addDays } from '../state/zone.ts';
import { cancel, change, focusEvent, isEditable, shownNext } from './actions.ts';
import { dayCount, days, events, turn, zone } from './data.ts';
import { giveUp, itemOf } from './dragging.ts';
import { openNew } from './open.ts';
import type { Span } from '../state/event.ts';
import type { Shown } from './data.ts';

/** Slots of half an hour; -1 is the row of all-day events. */
export const SLOTS = 48;
export const SLOT_MINUTES = 30;

export interface Cursor {
  readonly day: number;
  readonly slot: number;
}

export const cursor = signal<Cursor>({ day: 0, slot: 18 });

export const cellId = ({ day, slot }: Cursor): string => `cell-${day}-${slot}`;

function moveTo(next: Cursor): void {
  let { day } = next;
  const slot = Math.min(Math.max(next.slot, -1), SLOTS - 1);
  if (day < 0) {
    turn(-1);
    day = dayCount.value - 1;
  } else if (day >= dayCount.value) {
    turn(1);
    day = 0;
  }
  cursor.value = { day, slot };
  document.getElementById(cellId({ day, slot }))?.focus();
}

/** Opens the form of a new event at a cell: an hour, or the whole day. */
export function openAt({ day, slot }: Cursor): void {
  const name = days.value[day] ?? '';
  if (slot < 0) openNew(name, undefined, addDays(name, 1));
  else openNew(name, { from: slot * SLOT_MINUTES, to: Math.min(slot * SLOT_MINUTES + 60, 1440) });
}

const ARROWS: Readonly<Record<string, { readonly day: number; readonly slot: number }>> = {
  ArrowLeft: { day: -1, slot: 0 },
  ArrowRight: { day: 1, slot: 0 },
  ArrowUp: { day: 0, slot: -1 },
  ArrowDown: { day: 0, slot: 1 },
};

/** Handles a key in the grid. */
export function onKeyDown(event: KeyboardEvent): void {
  const { target, key } = event;
  if (!(target instanceof Element)) return;
  const block = itemOf(target.closest('.event'));
  const item = block ?? (event.altKey ? shownAs(moving) : undefined);
  const handled = (item && onEvent(item, event)) || onCell(event, block === undefined);
  if (handled) event.preventDefault();
  else if (key === 'Escape' && giveUp()) event.stopPropagation();
}

function onCell({ key, altKey, ctrlKey, metaKey }: KeyboardEvent, onCellItself: boolean): boolean {
  if (altKey || ctrlKey || metaKey) return false;
  const { day, slot } = cursor.value;
  const arrow = ARROWS[key];
  if (arrow) moveTo({ day: day + arrow.day, slot: slot + arrow.slot });
  else if (key === 'Home') moveTo({ day: 0, slot });
  else if (key === 'End') moveTo({ day: dayCount.value - 1, slot });
  else if (key === 'PageUp') turn(-1);
  else if (key === 'PageDown') turn(1);
  else if (key === 't') turn(0);
  else if (key === 'n' || key === 'p') jump(key === 'n' ? 1 : -1);
  else if ((key === 'Enter' || key === ' ') && onCellItself) openAt(cursor.value);
  else return false;
  return true;
}

function onEvent(item: Shown, { key, altKey, shiftKey }: KeyboardEvent): boolean {
  if (!isEditable(item)) return false;
  if (key === 'Delete' || key === 'Backspace') {
    void cancel(item).then(
      (cancelled) => cancelled && document.getElementById(cellId(cursor.value))?.focus(),
    );
    return true;
  }
  const arrow = altKey ? ARROWS[key] : undefined;
  if (!arrow) return false;
  const delta = { days: arrow.day, minutes: arrow.slot * STEP };
  enqueue(item.key, (span) => (shiftKey ? stretch : shift)(span, delta, zone.value));
  return true;
}

let changes: Promise<unknown> = Promise.resolve();
/** The event that keys are moving. While it is on its way its block may leave the document, and a cell has the focus. */
let moving = '';

const shownAs = (key: string): Shown | undefined => events.value.find((item) => item.key === key);

/** Changes the time of an event once the changes before are shown: a key may be held down. */
function enqueue(key: string, next: (span: Span) => Span): void {
  moving = key;
  document.getElementById(cellId(cursor.value))?.focus();
  const mine = moveAfter(changes, key, next);
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

async function moveAfter(before: Promise<unknown>, key: string, next: (span: Span) => Span): Promise<void> {
  await before;
  const item = shownAs(key);
  if (item) await change(item, {}, next(item.span));
}

/** Goes to the next or the previous event of those that are shown, by time. */
function jump(direction: 1 | -1): void {
  const all = [...document.querySelectorAll<HTMLElement>('.week .event')].map((element) => ({
    element,
    at: Number(element.closest<HTMLElement>('.slot')?.dataset['at'] ?? 0),
  }));
  const sorted = all.toSorted((a, b) => a.at - b.at);
  const current = sorted.findIndex(({ element }) => element === document.activeElement);
  const { day, slot } = cursor.value;
  const here = day * 100 + slot + 1;
  const next =
    current >= 0
      ? sorted[current + direction]
      : direction > 0
        ? sorted.find(({ at }) => at >= here)
        : sorted.findLast(({ at }) => at < here);
  if (!next) return;
  cursor.value = { day: Math.floor(next.at / 100), slot: (next.at % 100) - 1 };
  next.element.focus();
  next.element.scrollIntoView({ block: 'nearest' });
}
