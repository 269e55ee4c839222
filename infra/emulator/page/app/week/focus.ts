/** The focus in the week grid, whose blocks come and go as events change. */

/** Resolves when what has changed is shown. */
export function shownNext(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve);
  });
}

/** Moves the focus to an event, unless it is on something else than the grid. */
export function focusEvent(key: string): void {
  const { activeElement } = document;
  if (activeElement !== document.body && activeElement?.matches('.slot') !== true) return;
  const blocks = [...document.querySelectorAll<HTMLElement>('.event')];
  blocks.find(({ dataset }) => dataset['key'] === key)?.focus();
}
