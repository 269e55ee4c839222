/**
 * Who may call the console. It listens on the loopback interface alone, but any page in the browser can send requests there, and
 * a host name of an attacker can be made to resolve to it (DNS rebinding): so the `Host` and the `Origin` must be the console's
 * own, and each request must carry the token of this start.
 */
import { timingSafeEqual } from 'node:crypto';

/** Name of the cookie that a browser keeps after it was opened with the token in the address. */
const COOKIE = 'calendar-mirror-console';

export interface GuardedRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string | undefined>>;
}

export interface Secret {
  readonly token: string;
  readonly port: number;
}

export type Verdict =
  | { readonly allowed: true }
  /** The address has the right token: set the cookie, and redirect to the address without it. */
  | { readonly allowed: true; readonly signIn: true }
  | { readonly allowed: false; readonly status: 401 | 403 | 421; readonly problem: string };

/** Decides on a request. Pure. */
export function guard({ method, url, headers }: GuardedRequest, { token, port }: Secret): Verdict {
  const hosts = ['127.0.0.1', 'localhost', '[::1]'].map((name) => `${name}:${String(port)}`);
  if (!hosts.includes(headers['host'] ?? '')) {
    return { allowed: false, status: 421, problem: 'the Host header names another server' };
  }
  const origin = headers['origin'];
  if (origin !== undefined && !hosts.some((host) => origin === `http://${host}`)) {
    return { allowed: false, status: 403, problem: 'requests of other pages are rejected' };
  }
  // A form of another page sends no Origin in some browsers, but says that it comes from elsewhere.
  const site = headers['sec-fetch-site'];
  if (method !== 'GET' && site !== undefined && site !== 'same-origin') {
    return { allowed: false, status: 403, problem: 'requests of other pages are rejected' };
  }
  const given = url.searchParams.get('token');
  if (given !== null && url.pathname === '/') {
    return sameText(given, token) ? { allowed: true, signIn: true } : unauthorized();
  }
  const bearer = /^Bearer (\S+)$/.exec(headers['authorization'] ?? '')?.[1];
  const carried = bearer ?? cookieOf(headers['cookie'] ?? '', port);
  return sameText(carried, token) ? { allowed: true } : unauthorized();
}

const unauthorized = (): Verdict => ({
  allowed: false,
  status: 401,
  problem: 'open the address that calendar-mirror printed: it contains the token of this start',
});

/** Cookies are shared by all ports of a host, so the name contains the port. */
export const cookieName = (port: number): string => `${COOKIE}-${String(port)}`;

function cookieOf(header: string, port: number): string {
  const pairs = header.split(';').map((pair) => pair.trim().split('='));
  return pairs.find(([name]) => name === cookieName(port))?.[1] ?? '';
}

function sameText(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
