import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import * as z from 'zod';
import type { Document } from 'yaml';
import { Seed } from './seed.ts';
import { loadDefinition } from '../definition/definition.ts';
import { isTooDeep, MAX_DEPTH } from '../protocol/body.ts';
import { messageOf } from '../protocol/message.ts';
import { SeedError, type SeedMistake } from './seed-error.ts';

/** Seeds as files, for command lines. */

interface Parsed {
  readonly value: unknown;
  /** Returns the line of a value, where the format tells. */
  readonly lineOf?: (path: readonly PropertyKey[]) => number | undefined;
}

/**
 * Reads a seed from a JSON or YAML file (`.yaml`, `.yml`).
 * @throws SeedError if it cannot be read, or with everything that does not match the schema
 */
export async function readSeedFile(file: string): Promise<Seed> {
  const { value, lineOf } = await parse(file, textOf(file));
  if (isTooDeep(value))
    throw new SeedError([{ path: '', what: `is nested in more than ${MAX_DEPTH} levels` }], file);
  const seed = Seed.safeParse(value);
  const issues = seed.success ? await unknownFields(seed.data) : seed.error.issues;
  if (seed.success && issues.length === 0) return seed.data;
  const mistakes = issues.map(({ path, message }): SeedMistake => {
    const line = lineOf?.(path);
    return { path: z.core.toDotPath(path), what: line === undefined ? message : `${message} (line ${line})` };
  });
  throw new SeedError(mistakes, file);
}

/** Returns the fields of events that the API does not have, such as a misspelled `sumary`. It would ignore them. */
async function unknownFields({ users }: Seed): Promise<Pick<z.core.$ZodIssue, 'path' | 'message'>[]> {
  const { schemas } = await loadDefinition();
  const known = new Set(Object.keys(schemas['Event']?.properties ?? {}));
  return users.flatMap(({ calendars = [] }, user) =>
    calendars.flatMap(({ events = [] }, calendar) =>
      events.flatMap((event, index) =>
        Object.keys(event)
          .filter((name) => !known.has(name))
          .map((name) => ({
            path: ['users', user, 'calendars', calendar, 'events', index, name],
            message: 'is not a field of events',
          })),
      ),
    ),
  );
}

function textOf(file: string): string {
  try {
    // Editors on Windows begin a file with a byte order mark.
    return readFileSync(file, 'utf8').replace(/^\u{FEFF}/u, '');
  } catch (cause) {
    throw new SeedError([{ path: '', what: `cannot be read: ${messageOf(cause)}` }], file, { cause });
  }
}

async function parse(file: string, text: string): Promise<Parsed> {
  if (['.yaml', '.yml'].includes(extname(file).toLowerCase())) return parseYaml(file, text);
  try {
    return { value: JSON.parse(text) };
  } catch (cause) {
    throw new SeedError([{ path: '', what: `is not valid JSON: ${messageOf(cause)}` }], file, { cause });
  }
}

async function parseYaml(file: string, text: string): Promise<Parsed> {
  const { LineCounter, isNode, parseDocument } = await import('yaml');
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const mistakes = document.errors.map(({ code, message, pos: [at] }) => ({
    path: `line ${lines.linePos(at).line}`,
    what: code === 'MULTIPLE_DOCS' ? 'a second document begins: a seed is one' : message,
  }));
  if (mistakes.length > 0) throw new SeedError(mistakes, file);
  return {
    value: valueOf(document, file),
    lineOf(path) {
      // A value that is missing has no line: the nearest one around it has.
      for (let length = path.length; length > 0; length -= 1) {
        const node = document.getIn(path.slice(0, length), true);
        if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
      }
      return undefined;
    },
  };
}

/** Aliases are resolved only now: some lack their anchor, or repeat it without end. */
function valueOf(document: Document, file: string): unknown {
  try {
    return document.toJS();
  } catch (cause) {
    throw new SeedError([{ path: '', what: `is not valid YAML: ${messageOf(cause)}` }], file, { cause });
  }
}

/** Runs what starts an emulator with the seed of a file. @throws SeedError with the name of the file, if the API rejects the seed */
export async function withSeed<T>(file: string | undefined, start: () => Promise<T>): Promise<T> {
  try {
    return await start();
  } catch (error) {
    throw error instanceof SeedError && file !== undefined ? error.in(file) : error;
  }
}
