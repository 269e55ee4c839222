/** Calls of the API's methods without a server, for tests of the model alone. */
import * as z from 'zod';
import { CalendarError } from '../../../infra/emulator/protocol/http.ts';
import { resourceRoutes } from '../../../infra/emulator/routes/index.ts';
import type { Store } from '../../../infra/emulator/state/store.ts';

/** What a method is called with, besides its caller. A query parameter with a list is repeated. */
export interface Given {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
}

/** An answer of the API, or one of its errors. */
export interface Outcome {
  readonly status: number;
  /** Empty for an error and for an answer without a body. */
  readonly body: Readonly<Record<string, unknown>>;
  /** The reason of an error. */
  readonly reason?: string;
}

const Body = z.record(z.string(), z.unknown());

/** Returns a function that calls a method as a user. It throws what is not an error of the API. */
export function inProcess(store: Store) {
  const routes = new Map(resourceRoutes(store).map((route) => [route.id, route]));
  return async (
    user: string,
    id: string,
    { params = {}, query = {}, body }: Given = {},
  ): Promise<Outcome> => {
    const route = routes.get(`calendar.${id}`);
    if (!route) throw new Error(`unknown method ${id}`);
    const pairs = Object.entries(query).flatMap(([name, value]) =>
      [value].flat().map((one): [string, string] => [name, String(one)]),
    );
    try {
      const answer = await route.handle({
        user,
        params,
        query: new URLSearchParams(pairs),
        body,
        headers: {},
        baseUrl: '',
      });
      return { status: answer.status, body: Body.parse(JSON.parse(JSON.stringify(answer.body ?? {}))) };
    } catch (error) {
      if (!(error instanceof CalendarError)) throw error;
      return { status: error.status, body: {}, reason: error.detail.reason };
    }
  };
}
