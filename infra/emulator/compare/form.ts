/** The form of an answer: what two servers must have in common, whatever their ids, etags and times. */

/** Fields whose texts are words of the API: their values are compared too. */
const WORDS = new Set([
  'kind',
  'status',
  'eventType',
  'visibility',
  'transparency',
  'role',
  'accessRole',
  'type',
  'method',
  'responseStatus',
]);

export interface Form {
  /** Types by path: `items[].start.dateTime` → `time with an offset`. */
  readonly types: ReadonlyMap<string, string>;
  /** Words by path. */
  readonly words: ReadonlyMap<string, string>;
}

/** Returns the form of a body. Where the items of a list differ, it has the types and words of all. */
export function formOf(body: unknown): Form {
  const types = new Map<string, Set<string>>();
  const words = new Map<string, Set<string>>();
  walk(body, '');
  return { types: joined(types), words: joined(words) };

  function walk(value: unknown, path: string): void {
    if (Array.isArray(value)) {
      if (value.length === 0) add(types, path, 'empty list');
      for (const element of value as readonly unknown[]) walk(element, `${path}[]`);
      return;
    }
    if (typeof value === 'object' && value !== null) {
      for (const [name, member] of Object.entries(value))
        walk(member, path === '' ? nameOf(name) : `${path}.${nameOf(name)}`);
      return;
    }
    if (value === undefined) return;
    add(types, path, typeOf(value));
    // Errors are compared by their reason.
    const name = path.slice(path.lastIndexOf('.') + 1);
    if (typeof value === 'string' && WORDS.has(name) && !path.startsWith('error.')) add(words, path, value);
  }
}

/** The keys of a map are ids and numbers. */
const nameOf = (name: string): string => (/@|^\d+$/.test(name) ? '*' : name);

function typeOf(value: unknown): string {
  if (typeof value !== 'string') return value === null ? 'null' : typeof value;
  if (/^\d{4}-\d\d-\d\d$/.test(value)) return 'date';
  const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.exec(value);
  if (time)
    return `time${time[1] ? ' with milliseconds' : ''} ${time[2] === 'Z' ? 'in UTC' : 'with an offset'}`;
  if (/^"[^"]*"$/.test(value)) return 'etag';
  return /^\d+$/.test(value) ? 'digits' : 'text';
}

function add(map: Map<string, Set<string>>, path: string, value: string): void {
  const known = map.get(path) ?? new Set();
  map.set(path, known.add(value));
}

const joined = (map: ReadonlyMap<string, ReadonlySet<string>>): ReadonlyMap<string, string> =>
  new Map([...map].map(([path, values]) => [path, [...values].toSorted().join(' or ')]));
