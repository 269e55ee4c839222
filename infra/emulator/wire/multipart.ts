/** Multipart bodies (https://www.rfc-editor.org/rfc/rfc2046#section-5.1), as the batch endpoint exchanges them. */

/** Header fields, and the text that follows them. The names of parsed fields are in lower case. */
export interface Section {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Returns the boundary that a `multipart/mixed` content type names, or undefined if there is none. */
export function boundaryOf(contentType: string): string | undefined {
  const [type = ''] = contentType.split(';', 1);
  if (type.trim().toLowerCase() !== 'multipart/mixed') return undefined;
  const [, quoted, plain] = /;\s*boundary\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;"]+))/i.exec(contentType) ?? [];
  return (quoted === undefined ? plain : quoted.replaceAll(/\\(.)/g, '$1')) || undefined;
}

/**
 * Splits a multipart body into its parts, without the text before the first and after the last of them. Lines may end with LF
 * alone. Returns undefined if the closing delimiter is missing, or if a part has a malformed header.
 */
export function parseMultipart(text: string, boundary: string): Section[] | undefined {
  const escaped = boundary.replaceAll(/[^\w]/g, String.raw`\$&`);
  const delimiter = new RegExp(String.raw`(?:^|\r?\n)--${escaped}(--)?[ \t]*(?:(?=\r?\n)|$)`, 'g');
  const parts: Section[] = [];
  let start: number | undefined;
  for (const match of text.matchAll(delimiter)) {
    if (start !== undefined) {
      const part = parseSection(text.slice(start, match.index).replace(/^\r?\n/, ''));
      if (part === undefined) return undefined;
      parts.push(part);
    }
    if (match[1] !== undefined) return parts;
    start = match.index + match[0].length;
  }
  return undefined;
}

/** Writes a multipart body. No part may contain the boundary. */
export function writeMultipart(parts: readonly Section[], boundary: string): string {
  const written = parts.map((part) => `--${boundary}\r\n${writeSection(part)}\r\n`);
  return `${written.join('')}--${boundary}--\r\n`;
}

/** Parses header fields up to the first empty line, or to the end. Returns undefined if a line is not a field. */
export function parseSection(text: string): Section | undefined {
  const headers = new Map<string, string>();
  let last = '';
  let rest = text;
  while (rest !== '') {
    const [line = ''] = rest.split(/\r?\n/, 1);
    rest = rest.slice(line.length).replace(/^\r?\n/, '');
    if (line === '') break;
    const folded = headers.get(last);
    if (folded !== undefined && /^[ \t]/.test(line)) {
      headers.set(last, `${folded} ${line.trim()}`);
      continue;
    }
    const [, name, value = ''] = /^([!#$%&'*+.^`|~\w-]+):[ \t]*(.*?)[ \t]*$/.exec(line) ?? [];
    if (name === undefined) return undefined;
    last = name.toLowerCase();
    const before = headers.get(last);
    headers.set(last, before === undefined ? value : `${before}, ${value}`);
  }
  return { headers: Object.fromEntries(headers), body: rest };
}

/** Writes header fields and what follows them. */
export function writeSection({ headers, body }: Section): string {
  const fields = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${fields.join('')}\r\n${body}`;
}
