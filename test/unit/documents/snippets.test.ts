/** What the documents show in TypeScript and JavaScript is what the tested example files say. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { allDocuments, unknownSnippets } from '../../support/documents.ts';

const ROOT = new URL('../../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, ROOT), 'utf8');
const readExample = (path: string): string => (path === 'x/examples/a.ts' ? EXAMPLE : '');

/** The emulator is a package of its own, with tests of its own. */
const documents = allDocuments().filter(({ path }) => !path.startsWith('infra/emulator/'));

test('every snippet is an excerpt of the example file that is linked before it', () => {
  expect(documents.flatMap((document) => unknownSnippets(document, read))).toEqual([]);
});

const EXAMPLE = 'const a = 1;\n\nif (a) {\n  b();\n}\n';
const documentOf = (snippet: string, before = 'From [a.ts](examples/a.ts):') => ({
  path: 'x/README.md',
  text: `# X\n\n${before}\n\n\`\`\`ts\n${snippet}\`\`\`\n`,
});

test.each([
  ['differs from the file', 'const a = 2;\n'],
  ['has a piece that is not in the file', 'const a = 1;\n// …\nc();\n'],
])('a snippet that %s is found', (_, snippet) => {
  expect(unknownSnippets(documentOf(snippet), readExample)).toEqual([
    expect.stringMatching(/^x\/README\.md: not in examples\/a\.ts/),
  ]);
});

test('a snippet without the name of a file is found', () => {
  expect(unknownSnippets(documentOf('const a = 1;\n', 'Such as:'), readExample)).toEqual([
    expect.stringContaining('no example file is named'),
  ]);
});

test.each(['python', 'go', 'hcl'])('a snippet in %s is found as well', (language) => {
  const text = `From [a.ts](examples/a.ts):\n\n\`\`\`${language}\nconst a = 2\n\`\`\`\n`;
  expect(unknownSnippets({ path: 'x/README.md', text }, readExample)).toHaveLength(1);
});

test('pieces of the file, with what is left out marked, are its excerpt', () => {
  expect(unknownSnippets(documentOf('const a = 1;\n// …\n  b();\n'), readExample)).toEqual([]);
});
