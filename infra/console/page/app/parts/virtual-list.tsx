import { useEffect, useRef, useState } from 'preact/hooks';
import type { ComponentChild } from 'preact';

interface Props<T> {
  readonly items: readonly T[];
  readonly keyOf: (item: T) => string;
  /** Height of a row, px. */
  readonly rowHeight: number;
  /** Draws a row; it must be as high as `rowHeight`. */
  readonly row: (item: T, index: number) => ComponentChild;
  /** The index that must be visible; -1 for none. */
  readonly visible: number;
  readonly label: string;
  readonly class?: string;
}

/** Rows above and below the window that are drawn too. */
const MARGIN = 10;

/** A long list of which only the rows in the window are drawn, so that thousands cost no more than a screenful. */
export function VirtualList<T>({ items, keyOf, rowHeight, row, visible, label, class: name = '' }: Props<T>) {
  const box = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const [height, setHeight] = useState(600);
  useEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const observer = new ResizeObserver(() => setHeight(element.clientHeight));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    const element = box.current;
    if (!element || visible < 0) return;
    const from = visible * rowHeight;
    if (from < element.scrollTop) element.scrollTop = from;
    else if (from + rowHeight > element.scrollTop + element.clientHeight) {
      element.scrollTop = from + rowHeight - element.clientHeight;
    }
  }, [visible, rowHeight]);
  const first = Math.max(0, Math.floor(top / rowHeight) - MARGIN);
  const last = Math.min(items.length, Math.ceil((top + height) / rowHeight) + MARGIN);
  return (
    <div
      ref={box}
      class={`virtual ${name}`}
      role="list"
      aria-label={label}
      // A scrolling area must be reachable with the keyboard.
      tabIndex={0}
      onScroll={({ currentTarget }) => setTop(currentTarget.scrollTop)}
    >
      <div role="presentation" style={{ height: `${items.length * rowHeight}px` }}>
        {items.slice(first, last).map((item, index) => (
          <div
            key={keyOf(item)}
            role="listitem"
            aria-setsize={items.length}
            aria-posinset={first + index + 1}
            class="virtual-row"
            style={{ transform: `translateY(${(first + index) * rowHeight}px)`, height: `${rowHeight}px` }}
          >
            {row(item, first + index)}
          </div>
        ))}
      </div>
    </div>
  );
}
