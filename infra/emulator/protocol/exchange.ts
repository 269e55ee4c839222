/** HTTP as the parts of the server see it: whole requests and answers, without sockets. */
import type { Readable } from 'node:stream';

/** A request, after its body was decompressed and its method override applied. */
export interface HttpRequest {
  readonly method: string;
  /** Its origin is the server's root as the client knows it. */
  readonly url: URL;
  /** Names in lower case. Repeated headers are joined with commas. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** UTF-8; empty if there is none. */
  readonly body: string;
}

/** Returns the bearer token of the header `Authorization`; undefined without one. */
export const bearerOf = ({ headers }: HttpRequest): string | undefined =>
  /^Bearer +(\S+)\s*$/i.exec(headers['authorization'] ?? '')?.[1];

/** An answer: with a whole body, or with a stream that is sent as it comes and destroyed when the client disconnects. */
export interface HttpReply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly stream?: Readable;
}

/** Thrown to drop the connection without a response, as a fault demands. */
export class HangUp extends Error {
  override readonly name = 'HangUp';
}

/**
 * A part of the server besides the API, such as the control routes. Returns the answer, or undefined for a path that is not one
 * of its own.
 */
export type Site = (request: HttpRequest) => Promise<HttpReply | undefined> | HttpReply | undefined;

/** Returns an answer in JSON, indented as Google does unless `indent` is false; without a body if `value` is undefined. */
export function jsonReply(
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
  indent = true,
): HttpReply {
  if (value === undefined) return { status, headers };
  return {
    status,
    headers: { 'Content-Type': 'application/json; charset=UTF-8', ...headers },
    body: indent ? `${JSON.stringify(value, null, 1)}\n` : JSON.stringify(value),
  };
}
