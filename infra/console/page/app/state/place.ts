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

const given = (query: Place['query']) => Object.entries(query).filter(([, value]) => value !== '');
const addressOf = ({ view, query }: Place): string =>
  `?${new URLSearchParams([['view', view], ...given(query)])}`;

/** Goes to a view, or changes its filters. Empty filters are left out. */
export function go(to: Place, { replace = false } = {}): void {
  if (replace) history.replaceState(null, '', addressOf(to));
  else history.pushState(null, '', addressOf(to));
  place.value = { view: to.view, query: Object.fromEntries(given(to.query)) };
}

/** Returns the attributes of a link. With a modifier key the browser opens it elsewhere, as any link. */
export const linkTo = (to: Place) => ({
  href: addressOf(to),
  onClick: (event: MouseEvent): void => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    go(to);
  },
});
