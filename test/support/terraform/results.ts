import { isBodies, type Bodies } from './configuration.ts';
import type { Node } from './expression.ts';
import type { Value } from './functions.ts';

/** A resource, or a block in one, whose missing attributes the cloud fills in. */
export class Part {
  readonly address: string;
  readonly body: Bodies;
  readonly scope: Scope;

  constructor(address: string, body: Bodies, scope: Scope) {
    this.address = address;
    this.body = body;
    this.scope = scope;
  }
}

/** What an expression comes to, while parts may still be asked for more. */
export type Result =
  | string
  | number
  | boolean
  | null
  | Part
  | readonly Result[]
  | { readonly [key: string]: Result };

/** What a name stands for inside a `for`, a dynamic block or one of several instances. */
export type Scope = Readonly<Record<string, Result>>;

/** What is about a resource, and not in it. */
export const META = [
  'for_each',
  'count',
  'depends_on',
  'lifecycle',
  'provider',
  'provisioner',
  'connection',
  'dynamic',
];

export const isList = (result: Result | undefined): result is readonly Result[] => Array.isArray(result);

export const isMap = (result: Result | undefined): result is { readonly [key: string]: Result } =>
  typeof result === 'object' && result !== null && !Array.isArray(result) && !(result instanceof Part);

/** What `for_each` and `for` go through. */
export function pairs(over: Result): readonly (readonly [string, Result])[] {
  if (isList(over)) return over.map((value) => [textOf(value), value]);
  if (isMap(over)) return Object.entries(over);
  throw new Error(`cannot go through ${JSON.stringify(over)}`);
}

/** The names of what stands in a part, dynamic blocks among them. */
export const namesIn = ({ body }: Part): readonly string[] => [
  ...new Set([
    ...Object.keys(body).filter((name) => !META.includes(name)),
    ...(isBodies(body['dynamic']) ? Object.keys(body['dynamic']) : []),
  ]),
];

/** A result where a text is wanted. */
export function textOf(result: Result): string {
  if (!isValue(result)) throw new Error(`${JSON.stringify(result)} is no text`);
  return String(result);
}

export const isValue = (result: Result): result is Exclude<Value, object> =>
  typeof result !== 'object' || result === null;

export function literal({ meta }: Node): string | number | boolean | null {
  const value = String(meta?.['value']);
  switch (meta?.['type']) {
    case 'string':
      return value;
    case 'number':
      return Number(value);
    case 'bool':
      return value === 'true';
    default:
      return null;
  }
}

export function operate(operator: string, left: Result, right: () => Result): Result {
  switch (operator) {
    case 'equal':
      return JSON.stringify(left) === JSON.stringify(right());
    case 'notEqual':
      return JSON.stringify(left) !== JSON.stringify(right());
    case 'logicalAnd':
      return left === true && right() === true;
    case 'logicalOr':
      return left === true || right() === true;
    case 'greaterThan':
      return Number(left) > Number(right());
    case 'greaterThanOrEqual':
      return Number(left) >= Number(right());
    case 'lessThan':
      return Number(left) < Number(right());
    case 'lessThanOrEqual':
      return Number(left) <= Number(right());
    case 'multiply':
      return Number(left) * Number(right());
    case 'add':
      return Number(left) + Number(right());
    case 'subtract':
      return Number(left) - Number(right());
    case 'divide':
      return Number(left) / Number(right());
    default:
      throw new Error(`the operator ${operator} is not known here`);
  }
}
