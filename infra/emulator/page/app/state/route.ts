/** The address of what is shown, in the fragment of the URL: `#/journal?kind=request&status=403`. */

export const VIEWS = ['calendar', 'channels', 'journal', 'faults', 'clock'] as const;
export type View = (typeof VIEWS)[number];

export interface Route {
  readonly view: View;
  readonly query: Readonly<Record<string, string>>;
}

/** Reads the fragment of a URL. An unknown view is the calendar. */
export function parseRoute(fragment: string): Route {
  const [path = '', query = ''] = fragment.replace(/^#?\/?/, '').split('?', 2);
  const view = VIEWS.find((name) => name === path) ?? 'calendar';
  return { view, query: Object.fromEntries(new URLSearchParams(query)) };
}

/** Returns the fragment of a route. Empty values are left out. */
export function formatRoute({ view, query }: Route): string {
  const filled = Object.entries(query).filter(([, value]) => value !== '');
  const text = new URLSearchParams(filled).toString();
  return `#/${view}${text === '' ? '' : `?${text}`}`;
}
