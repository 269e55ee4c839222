import { getExpressionAst } from '@cdktn/hcl2json';
import * as z from 'zod';

/** A node of an expression, as HashiCorp's parser returns it. */
export interface Node {
  readonly type: string;
  readonly children: readonly Node[];
  readonly meta?: Readonly<Record<string, unknown>> | undefined;
  readonly range: { readonly start: { readonly byte: number }; readonly end: { readonly byte: number } };
}

const position = z.object({ byte: z.number() });
const node: z.ZodType<Node> = z.lazy(() =>
  z.object({
    type: z.string(),
    children: z.array(node),
    meta: z.record(z.string(), z.unknown()).optional(),
    range: z.object({ start: position, end: position }),
  }),
);

const traversal = z.array(
  z.object({ type: z.enum(['nameTraversal', 'indexTraversal']), segment: z.string() }),
);

/** An expression, or a template string with expressions. */
export class Expression {
  readonly #source: Buffer;
  readonly root: Node;
  /** Its source. */
  readonly text: string;

  constructor(text: string, source: string, root: Node) {
    this.text = text;
    this.#source = Buffer.from(source);
    this.root = root;
  }

  /** Returns the source of a node. */
  wordsOf({ range }: Node): string {
    return this.#source.subarray(range.start.byte, range.end.byte).toString();
  }
}

const MARK = 'END_OF_THIS_TEXT';

/** Parses a string of `hcl2json`'s output, in which `${…}` is an expression. */
export async function parseText(text: string): Promise<string | Expression> {
  if (!/[$%]\{/.test(text)) return text;
  // Nothing in a heredoc needs to be escaped. It adds one line break at the end.
  const source = `<<${MARK}\n${text}\n${MARK}\n`;
  const parsed = node.parse(await getExpressionAst('text.tf', source));
  const last = parsed.children.at(-1);
  const rest = z.string().catch('').parse(last?.meta?.['value']).slice(0, -1);
  const children = parsed.children.slice(0, -1);
  if (last && rest !== '') children.push({ ...last, meta: { ...last.meta, value: rest } });
  const [only] = children;
  const whole = children.length === 1 && only?.type !== 'literalValue';
  return new Expression(text, source, whole && only ? only : { ...parsed, children });
}

/** Returns the names and indexes of a reference such as `google_pubsub_topic.changes["a"].name`. */
export const stepsOf = ({ meta }: Node): readonly (string | number)[] =>
  traversal
    .parse(meta?.['traversal'])
    .map(({ type, segment }) =>
      type === 'nameTraversal' ? segment : z.union([z.string(), z.number()]).parse(JSON.parse(segment)),
    );

/** Returns every reference in an expression, except those to names that the expression itself declares. */
export function pathsIn(
  root: Node,
  declared: readonly string[] = [],
): readonly (readonly (string | number)[])[] {
  const names = ['keyVar', 'valVar'].flatMap((key) => {
    const name = root.meta?.[key];
    return root.type === 'for' && typeof name === 'string' ? [name] : [];
  });
  const known = [...declared, ...names];
  const own = root.type === 'scopeTraversal' ? [stepsOf(root)] : [];
  return [...own, ...root.children.flatMap((child) => pathsIn(child, known))].filter(
    ([first]) => typeof first !== 'string' || !known.includes(first),
  );
}
