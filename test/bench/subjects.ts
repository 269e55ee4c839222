/** What the functions are compared with, and how a process that serves one of them starts. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { freePort } from '../../infra/local/ports.ts';

const DIST = fileURLToPath(new URL('../../dist', import.meta.url));
const FRAMEWORK = fileURLToPath(new URL('main.js', import.meta.resolve('@google-cloud/functions-framework')));

/** A function that can be served: one of the three, or one that they are compared with. */
export interface Subject {
  readonly name: string;
  /** The folder that is served. */
  readonly source: string;
  readonly signature: 'http' | 'cloudevent';
}

/** One of the three functions, as `npm run build` wrote it. */
export const own = (name: 'receive' | 'sync' | 'renew'): Subject => ({
  name,
  source: `${DIST}/${name}`,
  signature: name === 'sync' ? 'cloudevent' : 'http',
});

/** Writes a comparison's folder as it is deployed: its own code, and the packages where npm installs them. */
export async function comparison(name: 'empty' | 'obvious' | 'publisher'): Promise<Subject> {
  const source = `${DIST}/bench/${name}`;
  await mkdir(source, { recursive: true });
  await build({
    entryPoints: [fileURLToPath(new URL(`subjects/${name}.ts`, import.meta.url))],
    outfile: `${source}/index.js`,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
  });
  await writeFile(`${source}/package.json`, JSON.stringify({ name, main: 'index.js' }));
  return { name, source, signature: 'http' };
}

/** A process that serves a subject. */
export interface Served {
  readonly url: string;
  /** Resident memory in MiB. */
  readonly residentMiB: () => Promise<number>;
  readonly stop: () => Promise<void>;
}

/** Starts a process. The caller finds out whether it listens already. */
export async function serve(subject: Subject, env: NodeJS.ProcessEnv): Promise<Served> {
  const port = await freePort();
  const child = spawn(
    process.execPath,
    [
      FRAMEWORK,
      `--source=${subject.source}`,
      `--target=${subject.name}`,
      `--signature-type=${subject.signature}`,
      `--port=${port}`,
    ],
    { env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env }, stdio: 'ignore' },
  );
  const ended = once(child, 'exit');
  return {
    url: `http://127.0.0.1:${port}`,
    residentMiB: async () => {
      const status = await readFile(`/proc/${child.pid}/status`, 'utf8');
      return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
    },
    stop: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
