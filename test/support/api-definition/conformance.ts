/** Checks responses of the emulator against the API's definition: an unknown field or a wrong type is a deviation. */
import type { ApiTable, FieldType } from './table.ts';

/**
 * Compares a response with the schema of its method.
 * @returns One line per deviation, with the path to the value; none if the response conforms.
 */
export function deviations(api: ApiTable, schema: string | undefined, value: unknown): string[] {
  if (schema === undefined) {
    return value === undefined || value === '' ? [] : ['the method declares no response body'];
  }
  return check(api, { ref: schema }, value, schema);
}

function check(api: ApiTable, type: FieldType, value: unknown, path: string): string[] {
  if (typeof type === 'string')
    return fits(type, value) ? [] : [`${path} is not ${type}: ${JSON.stringify(value)}`];
  if ('ref' in type) {
    const schema = api.schemas[type.ref];
    return schema === undefined ? [`${path}: unknown schema ${type.ref}`] : check(api, schema, value, path);
  }
  if ('array' in type) {
    if (!Array.isArray(value)) return [`${path} is not an array`];
    return value.flatMap((element: unknown, index) => check(api, type.array, element, `${path}[${index}]`));
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return [`${path} is not an object`];
  return Object.entries(value).flatMap(([name, member]: [string, unknown]) => {
    const memberType = 'map' in type ? type.map : type.fields[name];
    const memberPath = `${path}.${name}`;
    return memberType === undefined
      ? [`${memberPath} is unknown`]
      : check(api, memberType, member, memberPath);
  });
}

const RFC3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

function fits(type: string, value: unknown): boolean {
  switch (type) {
    case 'any':
      return true;
    case 'string':
      return typeof value === 'string';
    case 'string/date-time':
      return typeof value === 'string' && RFC3339.test(value);
    case 'string/date':
      return typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value);
    case 'string/int64':
      return typeof value === 'string' && /^-?\d+$/.test(value);
    case 'integer/int32':
      return Number.isInteger(value);
    case 'boolean':
      return typeof value === 'boolean';
    default:
      throw new Error(`The table has a type that is not checked yet: ${type}`);
  }
}
