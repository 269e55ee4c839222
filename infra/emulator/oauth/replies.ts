import { type HttpReply, jsonReply } from '../protocol/exchange.ts';

/** Answers of Google's token endpoint and of its relatives (https://www.rfc-editor.org/rfc/rfc6749#section-5). */

/** Answers of these endpoints contain secrets. */
const PRIVATE = { 'Cache-Control': 'no-cache, no-store, max-age=0, must-revalidate', Pragma: 'no-cache' };

/** Returns an answer in JSON that no cache keeps. */
export const privateReply = (
  status: number,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): HttpReply => jsonReply(status, body, { ...PRIVATE, ...headers });

/** An error of OAuth, as its endpoints answer it and as the page of the authorization endpoint shows it. */
export class OAuthError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, description: string, options?: ErrorOptions) {
    super(description, options);
    this.name = 'OAuthError';
    this.status = status;
    this.code = code;
  }

  reply(headers: Readonly<Record<string, string>> = {}): HttpReply {
    return privateReply(this.status, { error: this.code, error_description: this.message }, headers);
  }
}

/** 400 `invalid_request`. */
export const invalidRequest = (description: string): OAuthError =>
  new OAuthError(400, 'invalid_request', description);
/** 400 `invalid_grant`. */
export const invalidGrant = (description = 'Bad Request'): OAuthError =>
  new OAuthError(400, 'invalid_grant', description);

/** Returns parameters by name. @throws {OAuthError} if one is there twice */
export function singleValues(parameters: URLSearchParams): Readonly<Record<string, string>> {
  const values = new Map<string, string>();
  for (const [name, value] of parameters) {
    if (values.has(name)) throw invalidRequest(`OAuth 2 parameters can only have a single value: ${name}`);
    values.set(name, value);
  }
  return Object.fromEntries(values);
}

/** Returns a parameter that is not empty. @throws {OAuthError} that names it, after some words */
export function required(
  parameters: Readonly<Record<string, string>>,
  name: string,
  words = 'Missing required parameter',
): string {
  const value = parameters[name] ?? '';
  if (value === '') throw invalidRequest(`${words}: ${name}`);
  return value;
}
