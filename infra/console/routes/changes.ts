/** A change with its items, before and after. */
import { RouteError, type Routes } from '../server/exchange.ts';
import type { ConsoleContext } from '../context.ts';

/** `GET /api/changes/<watch>/<sequence>`: the whole message. */
export const changeRoutes = ({ state }: ConsoleContext): Routes => ({
  'GET /api/changes/*/*': (_request, [watch, sequence]) => {
    const change = state.findChange(`${watch ?? ''}/${sequence ?? ''}`);
    if (change === undefined)
      throw new RouteError(404, 'this change is no longer in the memory of the console');
    return change;
  },
});
