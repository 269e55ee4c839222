import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { loadDefinition, methodsOf } from '../../../infra/emulator/definition/definition.ts';

const file = (name: string): string =>
  fileURLToPath(new URL(`../../../infra/emulator/definition/${name}`, import.meta.url));

test('the definition is of the revision that the README names, and has 38 methods with their scopes', async () => {
  const api = await loadDefinition();
  const methods = [...methodsOf(api).values()];
  expect(await readFile(file('../README.md'), 'utf8')).toContain(`revision ${api.revision}`);
  expect(methods).toHaveLength(38);
  expect(methods.filter(({ scopes }) => scopes.length === 0)).toEqual([]);
  const known = Object.keys(api.auth.oauth2.scopes);
  expect(methods.flatMap(({ scopes }) => scopes).filter((scope) => !known.includes(scope))).toEqual([]);
});

test('every reference of the definition is to a schema that it has', async () => {
  const api = await loadDefinition();
  const references = JSON.stringify(api).matchAll(/"\$ref":"(\w+)"/g);
  const missing = [...references].map(([, name = '']) => name).filter((name) => !(name in api.schemas));
  expect(missing).toEqual([]);
});

test('the definition is what its script derives: texts are left out, and what they say of a field is kept', async () => {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [file('derive.ts'), file('calendar-v3.json')],
    { maxBuffer: 2 ** 24 },
  );
  expect(stdout).toBe(await readFile(file('calendar-v3.json'), 'utf8'));
  const { schemas } = await loadDefinition();
  expect(schemas['Event']?.properties?.['htmlLink']).toEqual({ type: 'string', readOnly: true });
  expect(schemas['Event']?.properties?.['description']).toEqual({ type: 'string' });
  expect(schemas['Calendar']?.properties?.['workingHours']?.properties).toHaveProperty('availableTimes');
});
