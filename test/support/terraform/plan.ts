import { isBodies, type Configuration, type Resource } from './configuration.ts';
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
}

/**
 * What a configuration comes to, without a cloud: expressions are evaluated, `for_each`, `count` and dynamic blocks expanded. What
 * only the cloud knows is a text in angle brackets, such as `<google_cloudfunctions2_function.receive.url>`.
 *
 * @param given what the module is called with; every other variable has its default.
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
    if (!isBodies(declared)) throw new Error(`there is no variable ${name}`);
    const value = given[name] === undefined ? declared['default'] : given[name];
    if (value === undefined) throw new Error(`the variable ${name} is not given`);
    const result = given[name] === undefined ? evaluate(declared['default'] ?? null, {}) : given[name];
    // optional(number, 20) in the type of an object
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
    if (!isBodies(declared)) throw new Error(`there is no local ${name}`);
    return once(`local.${name}`, () => evaluate(declared['value'] ?? null, {}));
  }

  function find(address: string): Resource {
    const found = configuration.resources.find((resource) => resource.address === address);
    if (!found) throw new Error(`there is no ${address}`);
    return found;
  }

  /** One part, a list of them (`count`), or a map (`for_each`). */
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
      if (!isBodies(declared)) throw new Error(`there is no output ${name}`);
      return plain(evaluate(declared['value'] ?? null, {}));
    },
  };
}

/** One, or several. */
function partsOf(made: Result): readonly Part[] {
  if (made instanceof Part) return [made];
  const all = isList(made) ? made : isMap(made) ? Object.values(made) : [];
  return all.filter((part) => part instanceof Part);
}
