import type { Attribute, Block, NestedBlock } from './schema.ts';

/**
 * Reads the schema of a resource from its source in a prebuilt provider of CDK for Terraform. Each block of a resource is a class
 * with a line for every member:
 *
 *   // name - computed: false, optional: true, required: false
 *   private _name?: string;
 *   public get name() { return this.getStringAttribute('name'); }
 *
 * and a function `…ToHclTerraform`, which tells whether an argument is a block.
 */
export function blockIn(source: string, className: string): Block {
  const classes = new Map(
    [...source.matchAll(/^export class (\w+) extends [^\n]*\n(.*?)^\}/gms)].map(([, name, body]) => [
      name ?? '',
      body ?? '',
    ]),
  );
  const lists = new Set([...classes.keys()].filter((name) => name.endsWith('List')));

  const read = (name: string, hcl: string): Block => {
    const body = classes.get(name);
    if (body === undefined) throw new Error(`no class ${name}`);
    const attributes: Record<string, Attribute> = {};
    const blocks: Record<string, NestedBlock> = {};
    for (const [, member = '', computed, optional, required, rest = ''] of body.matchAll(
      /\/\/ (\w+) - computed: (\w+), optional: (\w+), required: (\w+)\n(.*?)(?=\/\/ \w+ - computed:|\/\/ =====|$(?![^]))/gs,
    )) {
      const flags = {
        ...(required === 'true' && { required: true as const }),
        ...(optional === 'true' && { optional: true as const }),
        ...(computed === 'true' && { computed: true as const }),
      };
      const declared = new RegExp(
        `^\\s*${member}: \\{\\s*value: [^\\n]*\\s*isBlock: (\\w+),\\s*type: "(\\w+)"`,
        'm',
      ).exec(hcl);
      const nested = /= new (\w+)\(this, "\w+"(?:, (true|false))?\)/.exec(rest);
      const inner = nested?.[1];
      if (inner !== undefined && !inner.startsWith('cdktf') && classes.has(inner)) {
        const isList = lists.has(inner);
        const element = isList ? inner.replace(/List$/, 'OutputReference') : inner;
        const of = read(element, hclOf(source, element));
        if (declared?.[1] === 'true') {
          blocks[member] = {
            nesting: declared[2] === 'struct' ? 'single' : nested?.[2] === 'true' ? 'set' : 'list',
            ...(!isList && declared[2] !== 'struct' && { once: true }),
            ...(required === 'true' && { required: true }),
            ...of,
          };
        } else attributes[member] = { type: nested?.[2] === 'true' ? 'set' : 'list', of, ...flags };
      } else attributes[member] = { ...typeOf(rest, member), ...flags };
    }
    return { attributes, blocks };
  };
  return read(className, synthesized(classes.get(className) ?? ''));
}

/** Returns the function `…ToHclTerraform` of a block. */
function hclOf(source: string, reference: string): string {
  const name = reference.replace(/OutputReference$/, '');
  const start = new RegExp(`^export function ${name}ToHclTerraform\\(`, 'im').exec(source);
  if (!start) return '';
  return source.slice(start.index, source.indexOf('\n}\n', start.index));
}

const synthesized = (body: string): string => body.slice(body.indexOf('synthesizeHclAttributes'));

function typeOf(rest: string, member: string): Pick<Attribute, 'type' | 'of'> {
  const getter = /this\.get(\w+)Attribute\(/.exec(rest)?.[1] ?? /new cdktf\.(\w+)\(/.exec(rest)?.[1];
  const isSet = rest.includes('cdktf.Fn.tolist(');
  switch (getter ?? '') {
    case 'String':
      return { type: 'string' };
    case 'Number':
      return { type: 'number' };
    case 'Boolean':
      return { type: 'bool' };
    case 'List':
      return { type: isSet ? 'set' : 'list', of: 'string' };
    case 'NumberList':
      return { type: isSet ? 'set' : 'list', of: 'number' };
    case 'StringMap':
      return { type: 'map', of: 'string' };
    case 'BooleanMap':
      return { type: 'map', of: 'bool' };
    case 'NumberMap':
      return { type: 'map', of: 'number' };
    default: {
      if (/interpolationForAttribute\(/.test(rest)) return { type: 'string' };
      throw new Error(`${member} is of an unknown type: ${getter ?? rest.slice(0, 200)}`);
    }
  }
}
