import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { ComponentChild } from 'preact';

interface Props<T> {
  readonly items: readonly T[];
  readonly keyOf: (item: T) => string;
  /** Height of a row, px. */
  readonly rowHeight: number;
  /** Draws a row; it must be as high as `rowHeight`. */
  readonly row: (item: T, index: number) => ComponentChild;
  /** The key of the item that must be visible when it is chosen. */
  readonly visible?: string | undefined;
  readonly label: string;
  readonly class?: string;
}

/** Rows above and below the window that are drawn too. */
const MARGIN = 10;

/**
 * A long list of which only the rows in the window are drawn, so that thousands cost no more than a screenful. Once it is scrolled,
 * what is read stays where it is while rows are added above.
 */
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
  const topKey = useRef<string | undefined>(undefined);
  useLayoutEffect(() => {
    const element = box.current;
    if (!element || element.scrollTop === 0 || topKey.current === undefined) return;
    const index = Math.floor(element.scrollTop / rowHeight);
    const now = items.findIndex((item) => keyOf(item) === topKey.current);
    if (now >= 0 && now !== index) element.scrollTop += (now - index) * rowHeight;
  }, [items]);
  useEffect(() => {
    const element = box.current;
    const index = visible === undefined ? -1 : items.findIndex((item) => keyOf(item) === visible);
    if (!element || index < 0) return;
    const from = index * rowHeight;
    if (from < element.scrollTop) element.scrollTop = from;
    else if (from + rowHeight > element.scrollTop + element.clientHeight) {
      element.scrollTop = from + rowHeight - element.clientHeight;
    }
    // Not when the list changes: it would be pulled back to the chosen row with each change.
  }, [visible]);
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
      onScroll={({ currentTarget: { scrollTop } }) => {
        const item = items[Math.floor(scrollTop / rowHeight)];
        topKey.current = item === undefined || scrollTop === 0 ? undefined : keyOf(item);
        setTop(scrollTop);
      }}
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
