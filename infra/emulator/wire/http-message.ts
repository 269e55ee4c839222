/** HTTP messages as text (https://www.rfc-editor.org/rfc/rfc9112), as the parts of a batch carry them. */
import { STATUS_CODES } from 'node:http';
import { type Section, parseSection, writeSection } from './multipart.ts';

export interface RequestText extends Section {
  readonly method: string;
  /** A path with its query, or an absolute URL. */
  readonly target: string;
}

export interface ResponseText extends Section {
  readonly status: number;
}

/**
 * Parses a request. The version may be missing, as in the first examples of Google's documentation. Returns undefined if the
 * request line or a header field is malformed.
 */
export function parseRequest(text: string): RequestText | undefined {
  const [start = '', method, target] =
    /^(?:\r?\n)*([A-Za-z]+)[ \t]+(\S+)(?:[ \t]+HTTP\/\d(?:\.\d)?)?[ \t]*(?:\r?\n|$)/.exec(text) ?? [];
  const section = parseSection(text.slice(start.length));
  if (method === undefined || target === undefined || section === undefined) return undefined;
  return { method: method.toUpperCase(), target, ...section };
}

/** Writes a response, with the length of its body. */
export function writeResponse({ status, headers, body }: ResponseText): string {
  const length = { 'Content-Length': String(Buffer.byteLength(body)) };
  const section = writeSection({ headers: { ...headers, ...length }, body });
  return `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Unknown'}\r\n${section}`;
}
