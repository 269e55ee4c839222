/** The page at `/emulator/`. */
import { loadPage } from '../page/html.ts';
import type { HttpReply, HttpRequest } from '../protocol/exchange.ts';

const PATH = '/emulator/';

/** Returns the page, or undefined for any other path. */
export async function servePage({ method, url }: HttpRequest): Promise<HttpReply | undefined> {
  if (method !== 'GET' && method !== 'HEAD') return undefined;
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
