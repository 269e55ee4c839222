/** `npm run check:layers` finds imports that run upwards, and every other import that the layers forbid. */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from 'vitest';
import * as z from 'zod';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const CRUISER = join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');

const Report = z.object({
  summary: z.object({
    violations: z.array(
      z.object({ from: z.string(), rule: z.object({ name: z.string(), severity: z.literal('error') }) }),
    ),
  }),
});

/** Checks a project of these files. Returns its violations as `file: rule`. */
async function check(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'layers-'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const config = join(ROOT, '.dependency-cruiser.mjs');
  const command = [CRUISER, '--config', config, '--output-type', 'json', 'functions', 'infra'];
  // With this type of output the command succeeds, whatever it finds.
  const { stdout } = await promisify(execFile)(process.execPath, command, { cwd: folder });
  rmSync(folder, { recursive: true });
  const { violations } = Report.parse(JSON.parse(stdout)).summary;
  return violations.map(({ from, rule }) => `${from}: ${rule.name}`);
}

const VALUE = 'export const value = 1;\n';
const importing = (path: string): string => `import { value } from '${path}';\nexport const other = value;\n`;
const importingType = (path: string): string =>
  `import type { value } from '${path}';\nexport type Other = typeof value;\n`;

const ALLOWED = {
  'functions/sync/list-step.ts': importing('../mirror/outbox.ts'),
  'functions/mirror/outbox.ts': importing('../runtime/metrics.ts'),
  'functions/runtime/metrics.ts': VALUE,
};

/** What is imported, by which file, and the rule that forbids it. */
const FORBIDDEN = [
  ['upwards', 'functions/runtime/log.ts', '../watches/status.ts', 'runtime-imports-upwards'],
  ['upwards as a type', 'functions/watches/watch.ts', '../mirror/items.ts', 'watches-imports-upwards'],
  ['of another function', 'functions/sync/engine.ts', '../renew/plan.ts', 'sync-imports-another-function'],
  ['of the configuration', 'functions/watches/spec.ts', '../config.ts', 'config-is-for-entries'],
  ['out of functions/', 'functions/feed/names.ts', '../../infra/cli/list.ts', 'functions-stand-alone'],
  ['of a test', 'infra/cli/main.ts', '../../test/support/cloud.ts', 'infra-without-tests'],
  ['of infra/cli by the emulator', 'infra/emulator/main.ts', '../cli/times.ts', 'emulator-stands-alone'],
] as const;

const CIRCLE = {
  'functions/agenda/a.ts': `import { b } from './b.ts';\nexport const a = (): number => b();\n`,
  'functions/agenda/b.ts': `import { a } from './a.ts';\nexport const b = (): number => a();\n`,
};

let violations: readonly string[];

beforeAll(async () => {
  const files = FORBIDDEN.map(([how, from, path]) => ({
    [from]: how.endsWith('type') ? importingType(path) : importing(path),
    [join(dirname(from), path)]: VALUE,
  }));
  violations = await check(Object.assign({}, ALLOWED, CIRCLE, ...files));
});

test.each(Object.keys(ALLOWED))('imports that run downwards pass: %s', (file) => {
  expect(violations.filter((each) => each.startsWith(`${file}:`))).toEqual([]);
});

test.each(FORBIDDEN)('an import %s is found', (_, from, _path, rule) => {
  expect(violations).toContain(`${from}: ${rule}`);
});

test('a circle is found', () => {
  expect(violations).toContain('functions/agenda/a.ts: no-circular');
});
