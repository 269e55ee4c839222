/** Every relative link and every anchor in the documents leads somewhere. */
import { posix } from 'node:path';
import { expect, test } from 'vitest';
import manifest from '../../../infra/emulator/package.json' with { type: 'json' };
import {
  allDocuments,
  anchorsOf,
  brokenLinks,
  exists,
  linksOf,
  readDocument,
} from '../../support/documents.ts';

const documents = allDocuments();
const documentOf = (text: string) => ({ path: 'functions/README.md', text });

test('every link and anchor of every document resolves', () => {
  expect(documents.map(({ path }) => path)).toEqual(
    expect.arrayContaining(['README.md', 'functions/SPEC.md', 'infra/terraform/README.md']),
  );
  expect(documents.flatMap(linksOf).length).toBeGreaterThan(100);
  expect(documents.flatMap((document) => brokenLinks(document, exists))).toEqual([]);
});

test('the guides of the emulator link nothing that its package lacks', () => {
  const packed = ['README.md', ...manifest.files].map((path) => `infra/emulator/${path}`);
  const isPacked = (path: string): boolean =>
    packed.some((each) => path === each || path.startsWith(`${each}/`)) && exists(path);
  // The links of SPEC.md to tests lead into the repository, as it says.
  for (const name of ['README.md', 'tasks.md', 'COVERAGE.md'])
    expect(brokenLinks(readDocument(posix.join('infra/emulator', name)), isPacked)).toEqual([]);
});

test.each([
  ['a file that does not exist', '[x](missing.md)', 'functions/README.md: missing.md does not exist'],
  ['a folder outside the repository', '[x](../../other)', 'functions/README.md: ../../other does not exist'],
  ['a reference', '[x][y]\n\n[y]: gone.md', 'functions/README.md: gone.md does not exist'],
  ['an anchor of its own', '# One\n[x](#two)', 'functions/README.md: #two has no such heading'],
  [
    'an anchor of another document',
    '[x](SPEC.md#no-such-heading)',
    'functions/README.md: SPEC.md#no-such-heading has no such heading',
  ],
  [
    'an anchor that only a comment in a shell block looks like',
    '```sh\n# one\n```\n[x](#one)',
    'functions/README.md: #one has no such heading',
  ],
])('a broken link to %s is found', (_, text, problem) => {
  expect(brokenLinks(documentOf(text), exists)).toEqual([problem]);
});

test('a link that resolves, a link to another site and a link in code are not broken', () => {
  const text = '# One\n[a](#one) [b](SPEC.md#receive) [c](https://example.com/x) [d](sync) `[e](gone)`';
  expect(brokenLinks(documentOf(text), exists)).toEqual([]);
});

test('anchors are those that GitHub makes of headings', () => {
  const text = '# `npm start`, and more\n## How *fast*?\n## How fast\n### [Link](x.md) – end';
  expect([...anchorsOf(documentOf(text))]).toEqual([
    'npm-start-and-more',
    'how-fast',
    'how-fast-1',
    'link--end',
  ]);
});
