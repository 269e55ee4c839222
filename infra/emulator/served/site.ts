import { loadDefinition } from '../definition/definition.ts';
import { jsonReply } from '../protocol/exchange.ts';
import type { Site } from '../protocol/exchange.ts';

/**
 * Returns the control route `GET /emulator/coverage`: what is served of the API, as JSON (type `Coverage`).
 * @param served the ids of the methods that have a route
 */
export const createCoverage =
  (served: ReadonlySet<string>): Site =>
  async ({ method, url }) => {
    if (method !== 'GET' || url.pathname !== '/emulator/coverage') return undefined;
    const { coverageOf } = await import('./coverage.ts');
    return jsonReply(200, coverageOf(await loadDefinition(), served));
  };
