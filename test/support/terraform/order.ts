import { Expression } from './expression.ts';
import type { Bodies, Body, Configuration } from './configuration.ts';

/** The order in which Terraform creates resources. https://developer.hashicorp.com/terraform/internals/graph */

const REFERENCE = /\b(?:data\.|ephemeral\.)?(?:[a-z]+_\w+)\.\w+|\blocal\.\w+/g;

function textsIn(body: Body): readonly string[] {
  if (body instanceof Expression) return [body.text];
  if (typeof body !== 'object' || body === null) return [];
  return Object.values(body).flatMap((item: Body) => textsIn(item));
}

/** The resources and locals that a body names. */
const namedIn = (body: Body | undefined): readonly string[] =>
  body === undefined ? [] : textsIn(body).flatMap((text) => text.match(REFERENCE) ?? []);

const withoutKey = (address: string): string => address.replace(/\[.*$/, '');

/**
 * Whether a resource waits for another one, directly or through others. Instances of one resource do not wait for each other.
 * @param one an address, with or without the key of an instance.
 */
export function isAfter({ resources, locals }: Configuration, one: string, other: string): boolean {
  const bodies: Bodies = {
    ...Object.fromEntries(resources.map(({ address, body }) => [address, body])),
    ...Object.fromEntries(Object.entries(locals).map(([name, body]) => [`local.${name}`, body])),
  };
  const seen = new Set<string>();
  const waiting = [...namedIn(bodies[withoutKey(one)])];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (name === withoutKey(other)) return true;
    if (seen.has(name)) continue;
    seen.add(name);
    waiting.push(...namedIn(bodies[name]));
  }
  return false;
}
