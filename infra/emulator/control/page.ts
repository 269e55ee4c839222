/** The page at `/emulator/`. */
import { loadPage } from '../page/html.ts';
import type { HttpReply, HttpRequest } from '../protocol/exchange.ts';

const PATH = '/emulator/';

/** Returns the page, a redirect to it from the root for browsers, or undefined for any other path. */
export async function servePage({ method, url, headers }: HttpRequest): Promise<HttpReply | undefined> {
  if (method !== 'GET' && method !== 'HEAD') return undefined;
  // Clients of the API get Google's 404 there.
  if (url.pathname === '/' && headers['accept']?.includes('text/html') === true)
    return { status: 302, headers: { Location: PATH, Vary: 'Accept' } };
  if (`${url.pathname}/` === PATH) return { status: 308, headers: { Location: PATH } };
  if (url.pathname !== PATH) return undefined;
  const { html, policy } = await loadPage();
  return {
    status: 200,
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': policy,
      'Cache-Control': 'no-cache',
      'Referrer-Policy': 'no-referrer',
      'X-Content-Type-Options': 'nosniff',
    },
    body: html,
  };
}
