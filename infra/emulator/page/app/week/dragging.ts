/** The pointer in the week grid. */
import { dragged, drawn, pointAt } from '../state/drag.ts';
import { isEditable } from './board.ts';
import type { Point } from '../state/drag.ts';
import type { Span } from '../state/event.ts';
import type { Board, Shown } from './board.ts';

/** A pointer that moves less than this, in pixels, clicks. */
const SLOP = 4;

let suppressClick = false;

/** Returns what is being dragged, and to where. */
export function preview({ held, zone }: Board): { readonly span: Span; readonly item?: Shown } | undefined {
  const { value } = held;
  if (!value?.moved) return undefined;
  const { drag, item } = value;
  if (drag.kind !== 'create') return { span: dragged(drag, zone.value), ...(item && { item }) };
  return undefined;
}

/** Returns the time that is being drawn for a new event. */
export function drawing({ held }: Board): ReturnType<typeof drawn> | undefined {
  const { value } = held;
  return value?.moved && value.drag.kind === 'create' ? drawn(value.drag) : undefined;
}

/** Handlers for the element that shows 24 hours of each day. */
export function pointerHandlers(board: Board, body: () => HTMLElement | null) {
  const { held, days, zone, edit } = board;
  if (edit === undefined) return {};
  const at = ({ clientX, clientY }: PointerEvent): Point | undefined => {
    const element = body();
    if (!element) return undefined;
    const gutter = element.querySelector<HTMLElement>('.hour')?.offsetWidth ?? 0;
    return pointAt(
      withoutGutter(element.getBoundingClientRect(), gutter),
      clientX,
      clientY,
      days.value.length,
    );
  };

  return {
    onPointerDown(event: PointerEvent): void {
      suppressClick = false;
      const point = at(event);
      const { target } = event;
      if (!point || event.button !== 0 || !(target instanceof Element)) return;
      const block = target.closest('.event');
      const item = itemOf(board, block);
      const base = { x: event.clientX, y: event.clientY, moved: false };
      // A finger that moves scrolls; it taps to create.
      if (event.pointerType === 'touch') return;
      if (item && isEditable(board, item)) {
        const kind = target.classList.contains('handle') ? 'resize' : 'move';
        held.value = { ...base, item, drag: { kind, span: item.span, from: point, to: point } };
      } else if (!block && target.closest('.slot')) {
        held.value = { ...base, drag: { kind: 'create', from: point, to: point } };
      }
    },
    onPointerMove(event: PointerEvent): void {
      const { value } = held;
      const point = at(event);
      if (!value || !point) return;
      const moved = value.moved || Math.hypot(event.clientX - value.x, event.clientY - value.y) > SLOP;
      // Captured no earlier: a click on a captured pointer would not reach the event below it.
      if (moved && !value.moved && event.currentTarget instanceof Element)
        event.currentTarget.setPointerCapture(event.pointerId);
      held.value = { ...value, moved, drag: { ...value.drag, to: point } };
    },
    onPointerUp(): void {
      const { value } = held;
      held.value = undefined;
      if (!value?.moved) return;
      suppressClick = true;
      const { drag, item } = value;
      if (drag.kind === 'create') {
        const { day, from, to } = drawn(drag);
        edit.openNew(days.value[day] ?? '', { from, to });
      } else if (item) void edit.actions.change(item, {}, dragged(drag, zone.value));
    },
    onPointerCancel: () => giveUp(board),
    onClickCapture(event: MouseEvent): void {
      if (!suppressClick) return;
      suppressClick = false;
      event.stopPropagation();
    },
  };
}

/** Ends dragging without a change. Returns whether something was dragged. */
export function giveUp({ held }: Board): boolean {
  const was = held.value !== undefined;
  held.value = undefined;
  return was;
}

/** Returns the event of a block. */
export function itemOf({ items }: Board, block: Element | null): Shown | undefined {
  const key = block instanceof HTMLElement ? block.dataset['key'] : undefined;
  return items.value.find((item) => item.key === key);
}

/** The column of the hours is left of the days. */
function withoutGutter({ left, top, width, height }: DOMRect, gutter: number) {
  return { left: left + gutter, top, width: width - gutter, height };
}
