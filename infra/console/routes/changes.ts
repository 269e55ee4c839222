/** A change with its items, before and after. */
import { RouteError, type Routes } from '../server/exchange.ts';
import type { ConsoleContext } from '../context.ts';

/** `GET /api/changes/<watch>/<sequence>`: the whole message. */
export const changeRoutes = ({ state }: ConsoleContext): Routes => ({
  'GET /api/changes/*/*': (_request, [watch, sequence]) => {
    const id = `${watch ?? ''}/${sequence ?? ''}`;
    const change = state.findChange(id);
    if (change === undefined)
      throw new RouteError(404, `change ${JSON.stringify(id)} not found: only the latest changes are kept`);
    return change;
  },
});
