import { signal } from '@preact/signals';
import { formatRoute, parseRoute } from '../state/route.ts';
import type { Route, View } from '../state/route.ts';

/** The view that is shown, and its query. */
export const route = signal<Route>(parseRoute(location.hash));

addEventListener('hashchange', () => {
  route.value = parseRoute(location.hash);
});

/** Changes the query of the view that is shown. Without `push`, the back button skips the change. */
export function setQuery(change: Readonly<Record<string, string>>, { push = false } = {}): void {
  const { view, query } = route.value;
  const next = formatRoute({ view, query: { ...query, ...change } });
  if (push) location.hash = next;
  else {
    history.replaceState(null, '', next);
    route.value = parseRoute(next);
  }
}

/** Shows a view. */
export function show(view: View, query: Readonly<Record<string, string>> = {}): void {
  location.hash = formatRoute({ view, query });
}
