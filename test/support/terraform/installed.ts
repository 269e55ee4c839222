import { execFile } from 'node:child_process';
import { cp, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import * as z from 'zod';

const manifest = z.object({ scripts: z.record(z.string(), z.string()).default({}) });

/**
 * Copies a function's folder into an empty one and installs it as Google's builder does: `npm ci` with the folder's lock file, and its
 * `gcp-build` script, if it has one.
 */
export async function install(source: string, folder: string): Promise<void> {
  await cp(source, folder, { recursive: true });
  const npm = (...args: readonly string[]): Promise<unknown> =>
    promisify(execFile)('npm', args, {
      cwd: folder,
      // Use the Node.js that serves the functions, as the builder does.
      env: { ...process.env, PATH: `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}` },
    });
  await npm('ci', '--omit=dev', '--no-audit', '--no-fund', '--prefer-offline');
  const { scripts } = manifest.parse(JSON.parse(await readFile(`${folder}/package.json`, 'utf8')));
  if ('gcp-build' in scripts) await npm('run', 'gcp-build');
}
