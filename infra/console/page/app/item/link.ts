import { go } from '../state/place.ts';

/** Returns the attributes of a link to an item. */
export function itemLink(watch: string, item: string) {
  const query = { watch, item };
  return {
    href: `?${new URLSearchParams({ view: 'watches', ...query })}`,
    onClick: (event: MouseEvent): void => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      go({ view: 'watches', query });
    },
  };
}
