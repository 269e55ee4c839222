/**
 * Partial responses: the `fields` parameter of every method, see
 * https://developers.google.com/workspace/calendar/api/guides/performance.
 */
import { CalendarError } from '../protocol/http.ts';

/** The selected part of an object: fields by name (or `*`), each either whole (`null`) or a selection itself. */
type Selection = Map<string, Selection | null>;

/**
 * Returns only the fields that `fields` names: `nextPageToken,items(id,start/date)`; `*` is any field. Unknown fields are
 * ignored; Google would reject them.
 * @throws CalendarError 400 `invalidParameter` if the selector is malformed
 */
export function selectFields(fields: string, body: unknown): unknown {
  const tokens = fields.match(/[(),/]|[^(),/]+/g) ?? [];
  const selection: Selection = new Map();
  const read = readList(tokens, 0, [selection]);
  if (read !== tokens.length || selection.size === 0) throw unreadable(fields);
  return pick(body, selection);

  /** Parses `a/b(c,d),e` into each of `targets` and returns the position after it. */
  function readList(from: readonly string[], start: number, targets: readonly Selection[]): number {
    let at = start;
    for (;;) {
      at = readPath(from, at, targets);
      if (from[at] !== ',') return at;
      at += 1;
    }
  }

  function readPath(from: readonly string[], start: number, targets: readonly Selection[]): number {
    const name = from[start]?.trim();
    if (name === undefined || !/^[\w*-]+$/.test(name)) throw unreadable(fields);
    const next = from[start + 1];
    if (next !== '/' && next !== '(') {
      for (const target of targets) target.set(name, null);
      return start + 1;
    }
    const inner = targets.map((target) => descend(target, name)).filter((found) => found !== null);
    if (next === '/') return readPath(from, start + 2, inner);
    const end = readList(from, start + 2, inner);
    if (from[end] !== ')') throw unreadable(fields);
    return end + 1;
  }
}

/** Returns the selection below `name`, or null if all of it is already selected. */
function descend(selection: Selection, name: string): Selection | null {
  const present = selection.get(name);
  if (present !== undefined) return present;
  const made: Selection = new Map();
  selection.set(name, made);
  return made;
}

function pick(value: unknown, selection: Selection): unknown {
  if (Array.isArray(value)) return value.map((element: unknown) => pick(element, selection));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, member]: [string, unknown]) => {
      const wanted = selection.has(name) ? selection.get(name) : selection.get('*');
      if (wanted === undefined) return [];
      return [[name, wanted === null ? member : pick(member, wanted)]];
    }),
  );
}

function unreadable(fields: string): CalendarError {
  return new CalendarError(400, {
    domain: 'global',
    reason: 'invalidParameter',
    message: `Invalid field selection ${fields}`,
    locationType: 'parameter',
    location: 'fields',
  });
}
