/** Where the page is: the view and its filters, in the address, so that a link shows the same. */
import { signal } from '@preact/signals';

/** The last one is only in the cloud on this machine. */
export const VIEWS = [
  'timeline',
  'watches',
  'week',
  'dead-letters',
  'subscriptions',
  'charts',
  'play',
] as const;
export type View = (typeof VIEWS)[number];

/** The view, and the rest of the address's query. */
interface Place {
  readonly view: View;
  readonly query: Readonly<Record<string, string>>;
}

const read = (): Place => {
  const { view = '', ...query } = Object.fromEntries(new URLSearchParams(location.search));
  return { view: VIEWS.find((name) => name === view) ?? 'timeline', query };
};

export const place = signal<Place>(read());
addEventListener('popstate', () => {
  place.value = read();
});

/** Goes to a view, or changes its filters. Empty filters are left out. */
export function go({ view, query }: Place, { replace = false } = {}): void {
  const given = Object.entries(query).filter(([, value]) => value !== '');
  const search = new URLSearchParams([['view', view], ...given]);
  if (replace) history.replaceState(null, '', `?${search}`);
  else history.pushState(null, '', `?${search}`);
  place.value = { view, query: Object.fromEntries(given) };
}
