import * as z from 'zod';
import { isBodies, isListOfBodies, type Bodies, type Body } from './configuration.ts';
import { Expression, stepsOf, type Node } from './expression.ts';
import { FUNCTIONS, type Value } from './functions.ts';
import {
  isList,
  isMap,
  isValue,
  literal,
  namesIn,
  operate,
  pairs,
  Part,
  textOf,
  type Result,
  type Scope,
} from './results.ts';

const dynamicBlock = z.object({
  for_each: z.custom<Body>(),
  iterator: z.custom<Body>().optional(),
  content: z.custom<Body>(),
});
const forMeta = z.object({
  keyVar: z.string(),
  valVar: z.string(),
  keyExpression: z.string().optional(),
  conditionalExpression: z.string().optional(),
});
const callMeta = z.object({ name: z.string(), expandedFinalArgument: z.boolean() });
const keySchema = z.union([z.string(), z.number()]);

/** Resolves a reference to something outside the expression. */
type Resolve = (path: readonly (string | number)[]) => Result;

/** Evaluates expressions; `resolve` resolves references to something outside of them. */
export function createEvaluator(resolve: Resolve) {
  function step(result: Result, key: string | number): Result {
    if (typeof result === 'string' && result.startsWith('<'))
      return `${result.slice(0, -1)}${typeof key === 'number' ? `[${String(key)}]` : `.${key}`}>`;
    if (result instanceof Part) return member(result, String(key)) ?? `<${result.address}.${String(key)}>`;
    const found = isList(result) ? result[Number(key)] : isMap(result) ? result[key] : undefined;
    if (found === undefined) throw new Error(`missing ${String(key)} in ${JSON.stringify(result)}`);
    return found;
  }

  /** Returns an attribute, or the list of blocks of that name. */
  function member({ address, body, scope }: Part, name: string): Result | undefined {
    const here = body[name];
    const moving = isBodies(body['dynamic']) ? body['dynamic'][name] : undefined;
    if (moving === undefined && !isListOfBodies(here))
      return here === undefined ? undefined : evaluate(here, scope);
    const still = (isListOfBodies(here) ? here : []).map((item) => [item, scope] as const);
    const moved = (isListOfBodies(moving) ? moving : []).flatMap((block) => instancesOf(block, name, scope));
    return [...still, ...moved].map(
      ([item, itsScope], index) => new Part(`${address}.${name}[${String(index)}]`, item, itsScope),
    );
  }

  /** Returns the blocks that a dynamic block generates. */
  function instancesOf(block: Bodies, name: string, scope: Scope): readonly (readonly [Bodies, Scope])[] {
    const { for_each: over, iterator, content } = dynamicBlock.parse(block);
    const label = iterator instanceof Expression ? iterator.text.replace(/^\$\{|\}$/g, '') : name;
    const [inner = {}] = isListOfBodies(content) ? content : [];
    return pairs(evaluate(over, scope)).map(([key, value]) => [inner, { ...scope, [label]: { key, value } }]);
  }

  function path(node: Node, scope: Scope): Result {
    const steps = stepsOf(node);
    const inner = scope[String(steps[0])];
    return inner === undefined ? resolve(steps) : steps.slice(1).reduce(step, inner);
  }

  function forExpression(node: Node, expression: Expression, scope: Scope): Result {
    const { keyVar, valVar, keyExpression, conditionalExpression } = forMeta.parse(node.meta);
    const [collection, ...others] = node.children;
    const keyNode = keyExpression === undefined ? undefined : others.shift();
    const valueNode = others.shift();
    const condition = conditionalExpression === undefined ? undefined : others.shift();
    if (!collection || !valueNode) throw new Error(`cannot read ${expression.text}`);
    const over = at(collection, expression, scope);
    const numbered = isList(over) ? over.map((value, index) => [index, value] as const) : pairs(over);
    const made = numbered.flatMap(([key, value]) => {
      const inner = { ...scope, ...(keyVar !== '' && { [keyVar]: key }), [valVar]: value };
      if (condition && at(condition, expression, inner) !== true) return [];
      return [
        [keyNode ? textOf(at(keyNode, expression, inner)) : '', at(valueNode, expression, inner)] as const,
      ];
    });
    return keyNode ? Object.fromEntries(made) : made.map(([, value]) => value);
  }

  function call(node: Node, expression: Expression, scope: Scope): Result {
    const { name, expandedFinalArgument } = callMeta.parse(node.meta);
    const implementation = FUNCTIONS[name];
    if (!implementation) throw new Error(`the function ${name} is not known here: add it to functions.ts`);
    const values = node.children.map((child) => plain(at(child, expression, scope)));
    const last = values.at(-1);
    return implementation(
      ...(expandedFinalArgument && Array.isArray(last) ? [...values.slice(0, -1), ...last] : values),
    );
  }

  function at(node: Node, expression: Expression, scope: Scope): Result {
    const child = (index: number): Result => {
      const found = node.children[index];
      if (!found) throw new Error(`cannot read ${expression.text}`);
      return at(found, expression, scope);
    };
    const children = (): readonly Result[] => node.children.map((_, index) => child(index));
    switch (node.type) {
      case 'literalValue':
        return literal(node);
      case 'template':
        return children().map(textOf).join('');
      case 'templateWrap':
        return child(0);
      case 'scopeTraversal':
        return path(node, scope);
      case 'relativeTraversal':
        return stepsOf(node).reduce(step, child(0));
      case 'index':
        return step(child(0), keySchema.parse(child(1)));
      case 'splat': {
        const [, each] = node.children;
        const over = child(0);
        const items = isList(over) ? over : over === null ? [] : [over];
        return items.map((item) => (each ? at(each, expression, { ...scope, '[*]': item }) : item));
      }
      case 'function':
        return call(node, expression, scope);
      case 'conditional':
        return child(child(0) === true ? 1 : 2);
      case 'unaryOp':
        return node.meta?.['operator'] === 'logicalNot' ? child(0) !== true : -Number(child(0));
      case 'binaryOp':
        return operate(String(node.meta?.['operator']), child(0), () => child(1));
      case 'tuple':
        return children();
      case 'for':
        return forExpression(node, expression, scope);
      case 'object': {
        const flat = children();
        return Object.fromEntries(
          flat.flatMap((key, index) =>
            index % 2 === 0 ? [[textOf(key), flat[index + 1] ?? null] as const] : [],
          ),
        );
      }
      case '': {
        // An expression in parentheses, the item of a splat, or a bare key.
        if (node.children.length > 0) return child(0);
        const words = expression.wordsOf(node);
        return words.startsWith('[') ? (scope['[*]'] ?? words) : words;
      }
      default:
        throw new Error(`cannot evaluate ${node.type} in ${expression.text}`);
    }
  }

  function evaluate(body: Body, scope: Scope): Result {
    if (body instanceof Expression) return at(body.root, body, scope);
    if (isBodies(body))
      return Object.fromEntries(Object.entries(body).map(([key, value]) => [key, evaluate(value, scope)]));
    return typeof body === 'object' && body !== null ? body.map((item) => evaluate(item, scope)) : body;
  }

  function plain(result: Result): Value {
    if (result instanceof Part) return valuesOf(result);
    if (isValue(result)) return result;
    if (isList(result)) return result.map((item) => plain(item));
    return Object.fromEntries(Object.entries(result).map(([key, value]) => [key, plain(value)]));
  }

  /** Returns the evaluated contents of a part. */
  const valuesOf = (part: Part): Readonly<Record<string, Value>> =>
    Object.fromEntries(namesIn(part).map((name) => [name, plain(member(part, name) ?? null)]));

  return { evaluate, step, plain, valuesOf };
}
