/** Method overrides: some clients and proxies only send GET and POST. */
import type { HttpRequest } from '../protocol/exchange.ts';

/**
 * Returns the request that a `POST` with `X-HTTP-Method-Override` stands for. With the override `GET`, a form in the body is the
 * query: Google's client for Java sends queries this way that are too long for a URL.
 */
export function withOverride(request: HttpRequest): HttpRequest {
  const override = request.headers['x-http-method-override']?.trim().toUpperCase();
  if (request.method !== 'POST' || override === undefined || override === '') return request;
  if (override !== 'GET' || !isForm(request)) return { ...request, method: override };
  const url = new URL(request.url);
  for (const [name, value] of new URLSearchParams(request.body)) url.searchParams.append(name, value);
  return { ...request, method: 'GET', url, body: '' };
}

const isForm = ({ headers }: HttpRequest): boolean =>
  (headers['content-type'] ?? '').toLowerCase().startsWith('application/x-www-form-urlencoded');
