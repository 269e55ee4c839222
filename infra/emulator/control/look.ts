/**
 * Reads that leave no trace: `GET /emulator/users`, and `GET /emulator/as/<path of the API>?user=<address>`. The latter answers as
 * the API does, but the journal does not record it, quotas do not count it, no fault acts on it, and it creates no account.
 */
import { createRouter } from '../api/router.ts';
import { readParameters } from '../api/parameters.ts';
import { canonicalAddress } from '../protocol/address.ts';
import { jsonReply } from '../protocol/exchange.ts';
import { CalendarError } from '../protocol/http.ts';
import { resourceRoutes } from '../routes/index.ts';
import type { HttpReply, HttpRequest, Site } from '../protocol/exchange.ts';
import type { Match } from '../api/router.ts';
import type { Store } from '../state/store.ts';

const USERS = '/emulator/users';
const PREFIX = '/emulator/as/';

/** Returns the routes. */
export function createLook(store: Store): Site {
  const router = createRouter(resourceRoutes(store));
  return async (request) => {
    const { method, url } = request;
    if (method !== 'GET') return undefined;
    if (url.pathname === USERS) return jsonReply(200, usersOf(store));
    if (!url.pathname.startsWith(PREFIX)) return undefined;
    const user = canonicalAddress(url.searchParams.get('user') ?? '');
    if (!store.users.has(user)) return jsonReply(404, { error: `user '${user}' not found` });
    const match = router('GET', url.pathname.slice(PREFIX.length - 1));
    if (match === undefined) return jsonReply(404, { error: `the API has no method for ${url.pathname}` });
    return look(match, request, user);
  };
}

async function look(
  { route, params }: Match,
  { url, headers }: HttpRequest,
  user: string,
): Promise<HttpReply> {
  try {
    const query = readParameters(route.id, url.searchParams);
    const { status, body } = await route.handle({
      user,
      params,
      query,
      body: undefined,
      headers,
      baseUrl: `${url.origin}/calendar/v3`,
    });
    return jsonReply(status, body);
  } catch (error) {
    if (error instanceof CalendarError) return jsonReply(error.status, error.body());
    throw error;
  }
}

/** Returns the accounts in the order in which they were created. */
function usersOf({ users, calendars }: Store): readonly { email: string; timeZone: string }[] {
  return [...users.values()].map(({ email, settings }) => ({
    email,
    timeZone: settings.get('timezone')?.value ?? calendars.get(email)?.fields.timeZone ?? 'UTC',
  }));
}
