import { readdirSync, readFileSync } from 'node:fs';
import { parse } from '@cdktn/hcl2json';
import * as z from 'zod';
import { Expression, parseText } from './expression.ts';

/** What stands in a block: values, expressions, and further blocks as lists of bodies. */
export type Body =
  | string
  | number
  | boolean
  | null
  | Expression
  | readonly Body[]
  | { readonly [name: string]: Body };
export type Bodies = Readonly<Record<string, Body>>;

export interface Resource {
  readonly kind: 'resource' | 'data' | 'ephemeral';
  readonly type: string;
  readonly name: string;
  /** As other resources name it: `google_pubsub_topic.changes`, `data.google_project.this`. */
  readonly address: string;
  readonly body: Bodies;
}

export interface Configuration {
  /** The folder, with a slash at its end. */
  readonly folder: string;
  readonly resources: readonly Resource[];
  readonly variables: Bodies;
  readonly locals: Bodies;
  readonly outputs: Bodies;
  readonly modules: Bodies;
}

type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };
const json: z.ZodType<Json> = z.json();

const blocks = z.record(z.string(), z.record(z.string(), json).array()).default({});
const labelled = z.record(z.string(), blocks).default({});
const file = z.object({
  resource: labelled,
  data: labelled,
  ephemeral: labelled,
  variable: blocks,
  output: blocks,
  module: blocks,
  locals: z.record(z.string(), json).array().default([]),
  provider: z.unknown().optional(),
  terraform: z.unknown().optional(),
});

export const isBodies = (body: Body | undefined): body is Bodies =>
  typeof body === 'object' && body !== null && !Array.isArray(body) && !(body instanceof Expression);

export const isListOfBodies = (body: Body | undefined): body is readonly Bodies[] =>
  Array.isArray(body) && body.every((item: Body) => isBodies(item));

async function bodyOf(value: Json): Promise<Body> {
  if (typeof value === 'string') return parseText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return Promise.all(value.map((item: Json) => bodyOf(item)));
  return bodiesOf(Object.fromEntries(Object.entries(value)));
}

async function bodiesOf(object: Readonly<Record<string, Json>>): Promise<Bodies> {
  return Object.fromEntries(
    await Promise.all(
      Object.entries(object).map(async ([name, value]) => [name, await bodyOf(value)] as const),
    ),
  );
}

/** Block by its one label, of several files. */
async function collect(
  named: readonly Readonly<Record<string, readonly Readonly<Record<string, Json>>[]>>[],
): Promise<Bodies> {
  const all = named
    .flatMap((record) => Object.entries(record))
    .map(([name, [body = {}]]) => [name, body] as const);
  for (const [index, [name]] of all.entries())
    if (all.findIndex(([other]) => other === name) !== index) throw new Error(`${name} is declared twice`);
  return bodiesOf(Object.fromEntries(all));
}

/** Parses texts of Terraform's language, by the names of their files. Throws on what is no HCL. */
export async function configurationOf(
  texts: Readonly<Record<string, string>>,
  folder = '',
): Promise<Configuration> {
  const files = await Promise.all(
    Object.entries(texts).map(async ([name, text]) => file.strict().parse(await parse(name, text))),
  );
  const resources = await Promise.all(
    files.flatMap((parsed) =>
      (['resource', 'data', 'ephemeral'] as const).flatMap((kind) =>
        Object.entries(parsed[kind]).flatMap(([type, named]) =>
          Object.entries(named).map(async ([name, [body = {}]]): Promise<Resource> => ({
            kind,
            type,
            name,
            address: kind === 'resource' ? `${type}.${name}` : `${kind}.${type}.${name}`,
            body: await bodiesOf(body),
          })),
        ),
      ),
    ),
  );
  return {
    folder,
    resources,
    variables: await collect(files.map(({ variable }) => variable)),
    outputs: await collect(files.map(({ output }) => output)),
    modules: await collect(files.map(({ module }) => module)),
    locals: await collect(
      files.flatMap(({ locals }) =>
        locals.flatMap((local) => Object.entries(local).map(([name, value]) => ({ [name]: [{ value }] }))),
      ),
    ),
  };
}

/** The texts of a folder's *.tf, by their names. */
export const readTexts = (folder: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    readdirSync(folder)
      .filter((name) => name.endsWith('.tf'))
      .map((name) => [name, readFileSync(`${folder}${name}`, 'utf8')]),
  );

export const readConfiguration = (folder: string): Promise<Configuration> =>
  configurationOf(readTexts(folder), folder);
