/** Keys that work wherever nothing is being typed. */
import { showKeyHelp } from '../../../../emulator/page/app/parts/key-help.tsx';
import { go, place, VIEWS, type View } from '../state/place.ts';
import { moveChoice, moveSelection, togglePause } from '../state/timeline.ts';

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.closest('input, select, textarea, dialog') !== null;

const KEYS: Readonly<Record<string, () => void>> = {
  '/': () => document.getElementById('filter')?.focus(),
  j: () => moveChoice(1),
  k: () => moveChoice(-1),
  J: () => moveSelection(1),
  K: () => moveSelection(-1),
  p: togglePause,
  Escape: closeDetails,
  '?': showKeyHelp,
};
/** Keys of the timeline alone. */
const OF_TIMELINE: ReadonlySet<string> = new Set(['j', 'k', 'J', 'K', 'p']);

/** What names the details that are open, in the address of each view that has any. */
const DETAILS: Readonly<Partial<Record<View, readonly string[]>>> = {
  timeline: ['change', 'until'],
  week: ['event'],
  'dead-letters': ['letter'],
};

/** Closes the details that are open. */
function closeDetails(): void {
  const { view, query } = place.value;
  const open = DETAILS[view]?.filter((name) => query[name] !== undefined) ?? [];
  if (open.length === 0) return;
  go({ view, query: { ...query, ...Object.fromEntries(open.map((name) => [name, ''])) } }, { replace: true });
}

/** Listens to keys from now on. */
export function listenToKeys(): void {
  addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { key, target } = event;
    if (isTyping(target)) {
      // What was typed stays; the keys work again.
      if (key === 'Escape' && target instanceof HTMLInputElement && target.id === 'filter') {
        event.preventDefault();
        target.blur();
      }
      return;
    }
    const view = VIEWS[Number(key) - 1];
    if (view !== undefined) go({ view, query: {} });
    const work = Object.hasOwn(KEYS, key) ? KEYS[key] : undefined;
    if (work === undefined || (OF_TIMELINE.has(key) && place.value.view !== 'timeline')) return;
    event.preventDefault();
    work();
  });
}
