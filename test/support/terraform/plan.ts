import * as z from 'zod';
import { isBodies, isListOfBodies, type Configuration, type Resource } from './configuration.ts';
import { createEvaluator } from './evaluate.ts';
import { Expression } from './expression.ts';
import type { Value } from './functions.ts';
import { isList, isMap, pairs, Part, type Result } from './results.ts';

export interface Planned extends Pick<Resource, 'kind' | 'type' | 'name' | 'address'> {
  readonly values: Readonly<Record<string, Value>>;
}

export interface Plan {
  /** Every instance of every resource. */
  readonly resources: readonly Planned[];
  output(name: string): Value;
  /** Returns the error messages of a variable's validations that reject the given value. */
  rejections(variable: string): readonly string[];
}

/**
 * Plans a configuration without a cloud: evaluates expressions and expands `for_each`, `count` and dynamic blocks. A value that is known
 * after apply is its reference in angle brackets, such as `<google_cloudfunctions2_function.receive.url>`.
 * @param given The module's variables; every other variable has its default.
 */
export function planOf(configuration: Configuration, given: Readonly<Record<string, Value>> = {}): Plan {
  const known = new Map<string, Result>();
  const once = (key: string, make: () => Result): Result => {
    const made = known.get(key) ?? make();
    known.set(key, made);
    return made;
  };
  const { evaluate, step, plain, valuesOf } = createEvaluator((path) => {
    const [first = '', second = '', third = ''] = path.map(String);
    switch (first) {
      case 'var':
        return path.slice(2).reduce(step, variable(second));
      case 'local':
        return path.slice(2).reduce(step, local(second));
      case 'path':
        return configuration.folder.replace(/\/$/, '');
      case 'data':
      case 'ephemeral':
        return path.slice(3).reduce(step, instances(find(`${first}.${second}.${third}`)));
      default:
        return path.slice(2).reduce(step, instances(find(`${first}.${second}`)));
    }
  });

  function variable(name: string): Result {
    const declared = configuration.variables[name];
    if (!isBodies(declared)) throw new Error(`unknown variable ${name}`);
    const value = given[name] === undefined ? declared['default'] : given[name];
    if (value === undefined) throw new Error(`the variable ${name} is not given`);
    const result = given[name] === undefined ? evaluate(declared['default'] ?? null, {}) : given[name];
    // Defaults of an object type, such as `optional(number, 20)`.
    const type = declared['type'] instanceof Expression ? declared['type'].text : '';
    const optional = [...type.matchAll(/(\w+)\s*=\s*optional\(\w+(?:,\s*([^)]+))?\)/g)];
    if (!isMap(result)) return result;
    const defaults = optional.map(
      ([, key = '', text = 'null']) => [key, evaluate(JSON.parse(text), {})] as const,
    );
    return { ...Object.fromEntries(defaults), ...result };
  }

  function local(name: string): Result {
    const declared = configuration.locals[name];
    if (!isBodies(declared)) throw new Error(`unknown local ${name}`);
    return once(`local.${name}`, () => evaluate(declared['value'] ?? null, {}));
  }

  function find(address: string): Resource {
    const found = configuration.resources.find((resource) => resource.address === address);
    if (!found) throw new Error(`unknown resource ${address}`);
    return found;
  }

  /** Returns one part, a list of parts (`count`) or a map of them (`for_each`). */
  function instances({ address, body }: Resource): Result {
    return once(address, () => {
      if (body['count'] !== undefined)
        return Array.from(
          { length: Number(evaluate(body['count'], {})) },
          (_, index) => new Part(`${address}[${String(index)}]`, body, { count: { index } }),
        );
      if (body['for_each'] === undefined) return new Part(address, body, {});
      return Object.fromEntries(
        pairs(evaluate(body['for_each'], {})).map(([key, value]) => [
          key,
          new Part(`${address}["${key}"]`, body, { each: { key, value } }),
        ]),
      );
    });
  }

  return {
    resources: configuration.resources.flatMap((resource) =>
      partsOf(instances(resource)).map((part) => ({
        ...resource,
        address: part.address,
        values: valuesOf(part),
      })),
    ),
    output: (name) => {
      const declared = configuration.outputs[name];
      if (!isBodies(declared)) throw new Error(`unknown output ${name}`);
      return plain(evaluate(declared['value'] ?? null, {}));
    },
    rejections: (name) => {
      const declared = configuration.variables[name];
      const validations = isBodies(declared) ? declared['validation'] : undefined;
      if (!isListOfBodies(validations)) throw new Error(`the variable ${name} has no validation`);
      return validations
        .filter(({ condition = null }) => evaluate(condition, {}) !== true)
        .map(({ error_message: message = '' }) => z.string().parse(message));
    },
  };
}

/** Returns all parts. */
function partsOf(made: Result): readonly Part[] {
  if (made instanceof Part) return [made];
  const all = isList(made) ? made : isMap(made) ? Object.values(made) : [];
  return all.filter((part) => part instanceof Part);
}
