import type { Route } from '../http.ts';
import type { Store } from '../store.ts';

/** Every method of the API but the watch methods and `channels.stop`. */
export function resourceRoutes(store: Store): Route[] {
  void store;
  return [];
}
