import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { TRAPS } from '../../../../infra/local/emulators.ts';

test.each(TRAPS)('the README has the section that a line of dev names: %s', (trap) => {
  const [, file = '', anchor = ''] = /: see (\S+\.md)#(\S+)$/.exec(trap) ?? [];
  const text = readFileSync(new URL(`../../../../${file}`, import.meta.url), 'utf8');
  const headings = [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => heading.toLowerCase());
  expect(headings.map((heading) => heading.replaceAll(' ', '-'))).toContain(anchor);
});
