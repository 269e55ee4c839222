import { isBodies, type Bodies } from './configuration.ts';
import type { Node } from './expression.ts';
import type { Value } from './functions.ts';

/** A resource, or a block in one. Its missing attributes are known after apply. */
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

/** The result of an expression, in which parts are not evaluated yet. */
export type Result =
  | string
  | number
  | boolean
  | null
  | Part
  | readonly Result[]
  | { readonly [key: string]: Result };

/** Names that a `for`, a dynamic block or an instance declares, with their values. */
export type Scope = Readonly<Record<string, Result>>;

/** Meta-arguments of resources. */
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

/** Returns what `for_each` and `for` iterate over. */
export function pairs(over: Result): readonly (readonly [string, Result])[] {
  if (isList(over)) return over.map((value) => [textOf(value), value]);
  if (isMap(over)) return Object.entries(over);
  throw new Error(`cannot go through ${JSON.stringify(over)}`);
}

/** Returns the names of a part's contents, dynamic blocks included. */
export const namesIn = ({ body }: Part): readonly string[] => [
  ...new Set([
    ...Object.keys(body).filter((name) => !META.includes(name)),
    ...(isBodies(body['dynamic']) ? Object.keys(body['dynamic']) : []),
  ]),
];

/** Returns a result that must be a string. */
export function textOf(result: Result): string {
  if (!isValue(result)) throw new Error(`${JSON.stringify(result)} is not a string`);
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
    default:
      throw new Error(`the operator ${operator} is not known here`);
  }
}
