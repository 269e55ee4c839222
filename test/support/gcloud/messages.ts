import { readFileSync } from 'node:fs';
import {
  parseSync,
  type BinaryExpression,
  type Expression,
  type FunctionDeclaration,
  type Node,
  type Statement,
} from '@swc/core';
import * as z from 'zod';

/**
 * Finds the gcloud commands in messages of TypeScript code, without running it: texts are put together from literals, constants,
 * conditions and functions that return a text. Each other value is a placeholder.
 */

/** Stands for a value that is known at run time only. It is a valid name, number, duration and project. */
export const VALUE = '1';

type Texts = readonly string[];
type Scope = ReadonlyMap<string, () => Texts>;

/** Far more than a message has. Guards against products of many alternatives. */
const MOST = 64;

const product = (parts: readonly Texts[]): Texts =>
  parts.reduce<Texts>(
    (all, part) => all.flatMap((text) => part.map((next) => text + next)).slice(0, MOST),
    [''],
  );

/** Puts parts together with spaces between them. */
const spaced = (parts: readonly Texts[]): Texts =>
  product(parts.flatMap((part, index) => (index === 0 ? [part] : [[' '], part])));

type Constant = Expression | FunctionDeclaration;
type Callable = Extract<
  Constant,
  { type: 'ArrowFunctionExpression' | 'FunctionExpression' | 'FunctionDeclaration' }
>;

const isCallable = (node: Node): node is Callable =>
  ['ArrowFunctionExpression', 'FunctionExpression', 'FunctionDeclaration'].includes(node.type);

const isDeclared = (node: Node): node is FunctionDeclaration => node.type === 'FunctionDeclaration';

function returned(statements: readonly Statement[]): Expression | undefined {
  const last = statements.at(-1);
  return last?.type === 'ReturnStatement' ? last.argument : undefined;
}

/** The text functions and constants of one file, and of the files that it imports. */
class Reader {
  readonly #constants: Map<string, Constant[]>;

  constructor(constants: Map<string, Constant[]>) {
    this.#constants = constants;
  }

  /** Returns the texts that an expression may have. */
  texts(node: Expression, scope: Scope, depth = 0): Texts {
    const texts = (each: Expression): Texts => this.texts(each, scope, depth + 1);
    if (depth > 20) return [VALUE];
    if (node.type === 'StringLiteral') return [node.value];
    if (node.type === 'TemplateLiteral')
      return product(
        node.quasis.flatMap(({ cooked = '' }, index) => {
          const expression = node.expressions[index];
          return [[cooked], ...(expression === undefined ? [] : [texts(expression)])];
        }),
      );
    if (node.type === 'ParenthesisExpression') return texts(node.expression);
    if (node.type === 'ConditionalExpression') return [...texts(node.consequent), ...texts(node.alternate)];
    if (node.type === 'BinaryExpression') {
      if (node.operator === '+') return product([texts(node.left), texts(node.right)]);
      return ['??', '||'].includes(node.operator) ? [...texts(node.left), ...texts(node.right)] : [VALUE];
    }
    if (node.type === 'Identifier') {
      const known = this.#constants
        .get(node.value)
        ?.flatMap((each) => (isCallable(each) ? [VALUE] : texts(each)));
      return scope.get(node.value)?.() ?? known ?? [VALUE];
    }
    if (node.type === 'ArrayExpression')
      return spaced(
        node.elements.flatMap((element) => (element === undefined ? [] : [texts(element.expression)])),
      );
    return node.type === 'CallExpression' ? this.#called(node, scope, depth) : [VALUE];
  }

  #called(node: Extract<Expression, { type: 'CallExpression' }>, scope: Scope, depth: number): Texts {
    const { callee, arguments: given } = node;
    const [first] = given;
    if (callee.type === 'Identifier') {
      const made = this.#constants.get(callee.value)?.find(isCallable);
      return made === undefined
        ? [VALUE]
        : this.#bodyOf(
            made,
            given.map(({ expression }) => expression),
            scope,
            depth,
          );
    }
    if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') return [VALUE];
    const method = callee.property.value;
    if (method === 'join') return this.texts(callee.object, scope, depth + 1);
    if (!['map', 'flatMap'].includes(method) || first === undefined || !isCallable(first.expression))
      return [VALUE];
    const { object } = callee;
    const items = object.type === 'ArrayExpression' ? object.elements : [];
    const made = first.expression;
    if (items.length === 0) return this.#bodyOf(made, [], scope, depth);
    return spaced(
      items.flatMap((item) =>
        item === undefined ? [] : [this.#bodyOf(made, [item.expression], scope, depth)],
      ),
    );
  }

  #bodyOf(made: Callable, given: readonly Expression[], scope: Scope, depth: number): Texts {
    const inner = new Map(scope);
    for (const [index, parameter] of made.params.entries()) {
      const pattern = 'pat' in parameter ? parameter.pat : parameter;
      const value = given[index];
      if (pattern.type !== 'Identifier') continue;
      inner.set(pattern.value, () => (value === undefined ? [VALUE] : this.texts(value, scope, depth + 1)));
    }
    const { body } = made;
    const expression = body && 'stmts' in body ? returned(body.stmts) : body;
    return expression === undefined || expression === null
      ? [VALUE]
      : this.texts(expression, inner, depth + 1);
  }
}

const expression = z.custom<Expression>((value) => isNode(value));
const declarator = z.object({
  type: z.literal('VariableDeclarator'),
  id: z.object({ value: z.string() }),
  init: expression.nullable(),
});
const imported = z.object({
  type: z.literal('ImportDeclaration'),
  source: z.object({ value: z.string() }),
});

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';

/** Returns all nodes of a tree. */
function* nodesOf(value: unknown): Generator<Node> {
  if (Array.isArray(value)) for (const item of value) yield* nodesOf(item);
  else if (typeof value === 'object' && value !== null) {
    if (isNode(value)) yield value;
    for (const child of Object.values(value)) yield* nodesOf(child);
  }
}

const isSum = (node: Node): node is BinaryExpression =>
  node.type === 'BinaryExpression' && 'operator' in node && node.operator === '+';

const isText = (node: Node): node is Expression =>
  ['StringLiteral', 'TemplateLiteral', 'CallExpression'].includes(node.type) || isSum(node);

/** The constants of a file, by name: several scopes may have one of the same name. */
function constantsOf(nodes: readonly Node[]): Map<string, Constant[]> {
  const constants = new Map<string, Constant[]>();
  for (const node of nodes) {
    const { id, init } = declarator.safeParse(node).data ?? {};
    const [name, value] = isDeclared(node) ? [node.identifier.value, node] : [id?.value, init];
    if (name !== undefined && value) constants.set(name, [...(constants.get(name) ?? []), value]);
  }
  return constants;
}

const nodesIn = (file: URL): readonly Node[] => [
  ...nodesOf(parseSync(readFileSync(file, 'utf8'), { syntax: 'typescript', target: 'es2024' })),
];

/** Returns the constants of the files that a file imports. */
function importedBy(file: URL, nodes: readonly Node[]): Map<string, Constant[]> {
  const paths = nodes.flatMap((node) => imported.safeParse(node).data?.source.value ?? []);
  const files = paths.filter((path) => path.startsWith('.')).map((path) => new URL(path, file));
  return new Map(files.flatMap((each) => [...constantsOf(nodesIn(each))]));
}

const mentions = (text: string): boolean => /\bgcloud [a-z]/.test(text);

/** Returns every text in a file's code that mentions gcloud. */
function textsIn(file: URL): Texts {
  const nodes = nodesIn(file);
  const reader = new Reader(new Map([...importedBy(file, nodes), ...constantsOf(nodes)]));
  // A part of a sum is not a text of its own.
  const parts = new Set<Node>(nodes.filter(isSum).flatMap(({ left, right }) => [left, right]));
  const whole = nodes.filter(isText).filter((node) => !parts.has(node));
  const texts = whole.flatMap((node) => reader.texts(node, new Map()));
  return [...new Set(texts.filter(mentions))];
}

/** Returns the gcloud commands of a message. A command ends with the text, or before `; `, ` && `, `, ` or ` (`. */
export const commandsInText = (text: string): Texts =>
  [...text.matchAll(/\bgcloud [a-z](?:'[^']*'|"[^"]*"|(?!; | && |, | \(|[\n`]).)*/g)].map(([command]) =>
    command.trim(),
  );

/** Returns the gcloud commands in the messages of a file. */
export const commandsInCode = (file: URL): Texts => textsIn(file).flatMap(commandsInText);
