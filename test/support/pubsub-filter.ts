/**
 * The filter language of Pub/Sub subscriptions, as an emulator that applies no filters cannot check them. Where Google's page leaves a
 * form open, it is rejected, so that a filter which is valid here is valid there.
 * @see https://cloud.google.com/pubsub/docs/subscription-message-filter
 */

/** Whether a subscription with this filter delivers a message with these attributes. */
export type Filter = (attributes: Readonly<Record<string, string>>) => boolean;

/** Thrown for a text that is not a valid filter. */
export class FilterError extends Error {
  override readonly name = 'FilterError';
}

const LONGEST_BYTES = 256;
const END = 'the end';

interface Token {
  readonly kind: 'word' | 'string' | 'sign' | 'end';
  /** The word, the value of the string, or the sign. */
  readonly text: string;
  readonly at: number;
  /** Whether white space is before it. */
  readonly isSpaced: boolean;
}

/** White space, then a word, a string in double quotes, or a sign. */
const TOKEN = /(\s*)(?:([A-Za-z0-9_][\w-]*)|"((?:[^"\\\p{Cc}]|\\.)*)"|(!=|[=:.,()-]))/uy;
const OPERATORS = new Set(['AND', 'OR', 'NOT']);

function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  const end = text.trimEnd().length;
  let at = 0;
  while (at < end) {
    TOKEN.lastIndex = at;
    const [whole, space = '', word, string, sign] = TOKEN.exec(text) ?? [];
    if (whole === undefined) throw new FilterError(`invalid character or string at ${String(at)}: ${text}`);
    const isSpaced = space !== '';
    const start = at + space.length;
    if (word !== undefined) tokens.push({ kind: 'word', text: word, at: start, isSpaced });
    else if (string === undefined) tokens.push({ kind: 'sign', text: sign ?? '', at: start, isSpaced });
    else tokens.push({ kind: 'string', text: unescaped(string), at: start, isSpaced });
    at += whole.length;
  }
  return tokens;
}

const ESCAPES = new Map([
  ['"', '"'],
  ['\\', '\\'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
]);

/** Returns the value of a string literal. Hexadecimal and octal escapes are of ASCII only: the page does not say what others mean. */
function unescaped(literal: string): string {
  return literal.replaceAll(
    /\\(?:u([\dA-Fa-f]{4})|x([0-7][\dA-Fa-f])|([01][0-7]{2})|(.))/gu,
    (_, unicode?: string, hex?: string, octal?: string, other = '') => {
      const code = unicode ?? hex ?? octal;
      const value =
        code === undefined
          ? ESCAPES.get(other)
          : String.fromCharCode(parseInt(code, octal === undefined ? 16 : 8));
      if (value?.isWellFormed() !== true) throw new FilterError(`invalid escape sequence in "${literal}"`);
      return value;
    },
  );
}

/** Returns what reads tokens one by one. Each function throws a FilterError if another token is next. */
function createReader(text: string) {
  const tokens = tokensOf(text);
  let next = 0;
  const peek = (): Token => tokens[next] ?? { kind: 'end', text: END, at: text.length, isSpaced: true };
  const fail = (expected: string): never => {
    const { text: found, at } = peek();
    throw new FilterError(`expected ${expected}, but found ${found} at ${String(at)}: ${text}`);
  };
  const isNext = (kind: Token['kind'], value: string): boolean =>
    peek().kind === kind && peek().text === value;
  const takeString = (): string => {
    const { kind, text: value } = peek();
    if (kind !== 'string') fail('a string in double quotes');
    next += 1;
    return value;
  };
  return {
    isNext,
    fail,
    take: (kind: Token['kind'], value: string): void => {
      if (!isNext(kind, value)) fail(value);
      next += 1;
    },
    takeString,
    /** Takes the key of an attribute. */
    takeKey: (): string => {
      const { kind, text: name } = peek();
      if (kind === 'string') return takeString();
      if (kind !== 'word' || OPERATORS.has(name)) fail('the key of an attribute');
      next += 1;
      return name;
    },
    /** Checks that white space is next, which an operator has on both sides. */
    whiteSpace: (): void => {
      if (!peek().isSpaced) fail('white space');
    },
  };
}

type Reader = ReturnType<typeof createReader>;

const valueOf = (attributes: Readonly<Record<string, string>>, key: string): string | undefined =>
  Object.hasOwn(attributes, key) ? attributes[key] : undefined;

/** `hasPrefix(attributes.key, "value")` */
function readPrefix(reader: Reader): Filter {
  reader.take('word', 'hasPrefix');
  reader.take('sign', '(');
  reader.take('word', 'attributes');
  reader.take('sign', '.');
  const key = reader.takeKey();
  reader.take('sign', ',');
  const start = reader.takeString();
  reader.take('sign', ')');
  return (attributes) => valueOf(attributes, key)?.startsWith(start) === true;
}

/** `attributes:key`, `attributes.key = "value"` or `attributes.key != "value"` */
function readComparison(reader: Reader): Filter {
  reader.take('word', 'attributes');
  if (reader.isNext('sign', ':')) {
    reader.take('sign', ':');
    const key = reader.takeKey();
    return (attributes) => valueOf(attributes, key) !== undefined;
  }
  reader.take('sign', '.');
  const key = reader.takeKey();
  const isEqual = !reader.isNext('sign', '!=');
  if (isEqual && !reader.isNext('sign', '=')) reader.fail('= or !=');
  reader.take('sign', isEqual ? '=' : '!=');
  const value = reader.takeString();
  return (attributes) => (valueOf(attributes, key) === value) === isEqual;
}

/** An expression in parentheses, a function or a comparison. */
function readSimple(reader: Reader): Filter {
  if (reader.isNext('word', 'hasPrefix')) return readPrefix(reader);
  if (!reader.isNext('sign', '(')) return readComparison(reader);
  reader.take('sign', '(');
  const inner = readExpression(reader);
  reader.take('sign', ')');
  return inner;
}

/** A simple expression, or its negation. */
function readTerm(reader: Reader): Filter {
  const isMinus = reader.isNext('sign', '-');
  if (!isMinus && !reader.isNext('word', 'NOT')) return readSimple(reader);
  if (isMinus) reader.take('sign', '-');
  else {
    reader.take('word', 'NOT');
    reader.whiteSpace();
  }
  const negated = readSimple(reader);
  return (attributes) => !negated(attributes);
}

/** Terms that are joined by AND or by OR, not by both. */
function readExpression(reader: Reader): Filter {
  const terms = [readTerm(reader)];
  const joint = reader.isNext('word', 'AND') ? 'AND' : 'OR';
  while (reader.isNext('word', joint)) {
    reader.whiteSpace();
    reader.take('word', joint);
    reader.whiteSpace();
    terms.push(readTerm(reader));
  }
  return joint === 'AND'
    ? (attributes) => terms.every((each) => each(attributes))
    : (attributes) => terms.some((each) => each(attributes));
}

/**
 * Returns the filter that a text stands for. An empty one delivers every message. A message without an attribute matches `!=` to any
 * value.
 * @throws {FilterError} If the text is not a valid filter, or longer than 256 bytes.
 */
export function parseFilter(text: string): Filter {
  if (Buffer.byteLength(text) > LONGEST_BYTES) throw new FilterError(`longer than 256 bytes: ${text}`);
  if (text === '') return () => true;
  const reader = createReader(text);
  const filter = readExpression(reader);
  reader.take('end', END);
  return filter;
}
