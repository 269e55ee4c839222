import { readdirSync, readFileSync } from 'node:fs';
import { parse } from '@cdktn/hcl2json';
import * as z from 'zod';
import { Expression, parseText } from './expression.ts';

/** The contents of a block: values, expressions, and nested blocks as lists of bodies. */
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
  /** The name in references: `google_pubsub_topic.changes`, `data.google_project.this`. */
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
  check: z.unknown().optional(),
  moved: z.unknown().optional(),
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

type Blocks = Readonly<Record<string, readonly Readonly<Record<string, Json>>[]>>;

/** Returns the blocks of one kind in one file, by label. */
const labelledBodies = (named: Blocks): Promise<Bodies> =>
  bodiesOf(Object.fromEntries(Object.entries(named).map(([name, [body = {}]]) => [name, body])));

/** Returns the locals of one file, as bodies with a `value`. */
const localBodies = (locals: readonly Readonly<Record<string, Json>>[]): Promise<Bodies> =>
  bodiesOf(
    Object.fromEntries(
      locals.flatMap((local) => Object.entries(local).map(([name, value]) => [name, { value }] as const)),
    ),
  );

async function parseFile(name: string, text: string): Promise<Omit<Configuration, 'folder'>> {
  const parsed = file.strict().parse(await parse(name, text));
  const resources = (['resource', 'data', 'ephemeral'] as const).flatMap((kind) =>
    Object.entries(parsed[kind]).flatMap(([type, named]) =>
      Object.entries(named).map(async ([label, [body = {}]]): Promise<Resource> => ({
        kind,
        type,
        name: label,
        address: kind === 'resource' ? `${type}.${label}` : `${kind}.${type}.${label}`,
        body: await bodiesOf(body),
      })),
    ),
  );
  return {
    resources: await Promise.all(resources),
    variables: await labelledBodies(parsed.variable),
    outputs: await labelledBodies(parsed.output),
    modules: await labelledBodies(parsed.module),
    locals: await localBodies(parsed.locals),
  };
}

/** Parsed files by name and text: most tests change one file of a folder. */
const parsedFiles = new Map<string, ReturnType<typeof parseFile>>();

function parseOnce(name: string, text: string): ReturnType<typeof parseFile> {
  const key = `${name}\n${text}`;
  const known = parsedFiles.get(key) ?? parseFile(name, text);
  parsedFiles.set(key, known);
  return known;
}

function merge(bodies: readonly Bodies[]): Bodies {
  const all = bodies.flatMap((body) => Object.entries(body));
  for (const [index, [name]] of all.entries())
    if (all.findIndex(([other]) => other === name) !== index) throw new Error(`${name} is declared twice`);
  return Object.fromEntries(all);
}

/** Parses texts of Terraform's language, by file name. @throws Error for text that is not valid HCL. */
export async function configurationOf(
  texts: Readonly<Record<string, string>>,
  folder = '',
): Promise<Configuration> {
  const files = await Promise.all(Object.entries(texts).map(([name, text]) => parseOnce(name, text)));
  return {
    folder,
    resources: files.flatMap(({ resources }) => resources),
    variables: merge(files.map(({ variables }) => variables)),
    outputs: merge(files.map(({ outputs }) => outputs)),
    modules: merge(files.map(({ modules }) => modules)),
    locals: merge(files.map(({ locals }) => locals)),
  };
}

/** Returns the texts of a folder's *.tf files, by name. */
export const readTexts = (folder: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    readdirSync(folder)
      .filter((name) => name.endsWith('.tf'))
      .map((name) => [name, readFileSync(`${folder}${name}`, 'utf8')]),
  );

export const readConfiguration = (folder: string): Promise<Configuration> =>
  configurationOf(readTexts(folder), folder);
