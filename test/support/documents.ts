import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's Markdown documents, and what is in them: links, snippets, commands, tables. */

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** A document by its path from the root of the repository. */
export interface Document {
  readonly path: string;
  readonly text: string;
}

const SKIPPED = /^(?:node_modules|dist|reports|coverage|\.(?!github$).*)$/;

function markdownBelow(folder: string): readonly string[] {
  return readdirSync(`${ROOT}${folder}`, { withFileTypes: true }).flatMap((entry) => {
    if (SKIPPED.test(entry.name)) return [];
    const path = `${folder}${entry.name}`;
    if (entry.isDirectory()) return markdownBelow(`${path}/`);
    return entry.name.endsWith('.md') ? [path] : [];
  });
}

export const readDocument = (path: string): Document => ({
  path,
  text: readFileSync(`${ROOT}${path}`, 'utf8'),
});

/** Returns every Markdown document of the repository. */
export const allDocuments = (): readonly Document[] => markdownBelow('').map(readDocument);

/** Whether a file or folder of the repository exists. */
export const exists = (path: string): boolean => existsSync(`${ROOT}${path}`);

/** A fenced block: what follows the fence, its lines, and the paragraph before it. */
interface Block {
  readonly language: string;
  readonly body: string;
  readonly before: string;
}

const FENCED = /^( *)(`{3,})([^\n`]*)\n(.*?)^\1\2 *$/gms;

/** Returns the fenced blocks of a document. */
export function blocksOf({ text }: Document): readonly Block[] {
  return [...text.matchAll(FENCED)].map((match) => {
    const [, indent = '', , language = '', body = ''] = match;
    const before =
      text
        .slice(0, match.index)
        .trimEnd()
        .split(/\n\s*\n/)
        .at(-1) ?? '';
    return { language: language.trim(), body: body.replaceAll(new RegExp(`^${indent}`, 'gm'), ''), before };
  });
}

const withoutBlocks = (text: string): string => text.replaceAll(FENCED, '');
const withoutCode = (text: string): string => withoutBlocks(text).replaceAll(/`[^`\n]+`/g, 'code');

/** Returns the code spans of a document outside its fenced blocks. */
export const spansOf = ({ text }: Document): readonly string[] =>
  [...withoutBlocks(text).matchAll(/`([^`\n]+)`/g)].map(([, span = '']) => span);

/** Returns the anchors that GitHub gives the headings of a document. */
export function anchorsOf({ text }: Document): ReadonlySet<string> {
  const anchors = new Set<string>();
  for (const [, heading = ''] of withoutBlocks(text).matchAll(/^#{1,6} +(.+?) *$/gm)) {
    const slug = heading
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\p{M}_ -]/gu, '')
      .replaceAll(' ', '-');
    let anchor = slug;
    for (let count = 1; anchors.has(anchor); count += 1) anchor = `${slug}-${String(count)}`;
    anchors.add(anchor);
  }
  return anchors;
}

/** Returns the targets of a document's links, without those of other sites. */
export const linksOf = ({ text }: Document): readonly string[] =>
  [...withoutCode(text).matchAll(/\]\(<?([^)\s>]+)>?\)|^\[[^\]]+\]: *(\S+)/gm)]
    .map(([, inline, reference]) => inline ?? reference ?? '')
    .filter((target) => !/^[a-z]+:/.test(target));

/** Returns each link of `document` that leads nowhere, with what is missing. */
export function brokenLinks(document: Document, isThere: (path: string) => boolean): readonly string[] {
  return linksOf(document).flatMap((target) => {
    const [path = '', anchor] = target.split('#');
    const to = path === '' ? document.path : posix.join(posix.dirname(document.path), decodeURI(path));
    if (to.startsWith('../') || !isThere(to)) return [`${document.path}: ${target} does not exist`];
    if (anchor === undefined) return [];
    const linked = path === '' ? document : to.endsWith('.md') ? readDocument(to) : undefined;
    return linked !== undefined && anchorsOf(linked).has(anchor)
      ? []
      : [`${document.path}: ${target} has no such heading`];
  });
}

/** Returns the rows of a document's tables. */
export const tableRowsOf = ({ text }: Document): readonly string[] =>
  withoutBlocks(text)
    .split('\n')
    .filter((line) => line.startsWith('|'));

const unindented = (code: string): string => code.replaceAll(/^[ \t]+/gm, '');

/**
 * Returns the pieces of a document's programs that are not in an example file. The paragraph before a snippet links the file that it is
 * taken from; a line `// …` or `# …` stands for what is left out. Indentation does not count.
 */
export function unknownSnippets(document: Document, read: (path: string) => string): readonly string[] {
  const snippets = blocksOf(document).filter(({ language }) =>
    /^(?:ts|js|typescript|javascript|python|go|hcl)\b/.test(language),
  );
  return snippets.flatMap(({ body, before }) => {
    const [, link] = /\]\(([^)\s]+\.(?:[cm]?[jt]s|py|go|tf))\)/.exec(before) ?? [];
    if (link === undefined) return [`${document.path}: no example file is named before\n${body}`];
    const source = unindented(read(posix.join(posix.dirname(document.path), link)));
    return body
      .split(/^\s*(?:\/\/|#) …\n/m)
      .filter((piece) => !source.includes(unindented(piece).trim()))
      .map((piece) => `${document.path}: not in ${link}:\n${piece}`);
  });
}
