/** The emulator: its address, clients of its users, its control routes, and a receiver of its notifications. */
import { once } from 'node:events';
import { createServer } from 'node:http';

export const URL_OF_EMULATOR = process.env['CALENDAR_EMULATOR_URL'];
export const ADA = 'ada@example.com';
export const BOB = 'bob@example.com';
export const ROOT = 'root@example.com';

/** Returns a client that signs in with an OAuth 2.0 access token, which may be an address here. */
export function clientOf({ calendar, OAuth2 }, user, options = {}) {
  const auth = new OAuth2();
  auth.setCredentials({ access_token: user });
  return calendar({ version: 'v3', auth, rootUrl: `${URL_OF_EMULATOR}/`, ...options });
}

export async function control(method, path, body) {
  const answer = await fetch(`${URL_OF_EMULATOR}/emulator/${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(await answer.text());
  return answer.json();
}

export const play = (scenario, parameters = {}) => control('POST', `scenarios/${scenario}`, parameters);

/** The journaled requests of a method, oldest first. */
export const requestsOf = async (method) =>
  (await control('GET', `journal?kind=request&method=${method}`)).requests;

/** Starts a receiver of notifications. It keeps their headers. */
export async function startReceiver() {
  const received = [];
  const server = createServer((request, response) => {
    received.push(request.headers);
    response.writeHead(204).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `http://127.0.0.1:${server.address().port}/`,
    received,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
