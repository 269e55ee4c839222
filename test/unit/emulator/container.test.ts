/** The Dockerfile and the recipe for Testcontainers name options, ports, paths and files that exist. Images are not built here. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { readOptions } from '../../../infra/emulator/command/options.ts';
import manifest from '../../../infra/emulator/package.json' with { type: 'json' };

const read = (path: string): string =>
  readFileSync(fileURLToPath(new URL(`../../../${path}`, import.meta.url)), 'utf8');
const dockerfile = read('infra/emulator/Dockerfile');
const recipe = read('infra/emulator/examples/testcontainers.ts');
const readme = read('infra/emulator/README.md');

/** Returns the words of an instruction in its JSON form. */
function words(instruction: string): string[] {
  const [, list = ''] = new RegExp(`^${instruction} (\\[.*\\])$`, 'm').exec(dockerfile) ?? [];
  return JSON.parse(list);
}

const [command = '', ...fixed] = words('ENTRYPOINT');
const [, port] = /^EXPOSE (\d+)$/m.exec(dockerfile) ?? [];

test('the image runs a command of the package with options that it has', () => {
  expect(Object.keys(manifest.bin)).toContain(command);
  expect(readOptions([...fixed, ...words('CMD')])).toMatchObject({
    host: '0.0.0.0',
    port: Number(port),
    allowHttp: true,
    log: 'requests',
  });
});

test('the documented commands give it options that it has', () => {
  const runs = [
    ...`${dockerfile}\n${readme}`.matchAll(/docker run (.*) google-calendar-emulator(?: (.*))?$/gm),
  ];
  expect(runs.length).toBeGreaterThanOrEqual(2);
  for (const [, options = '', given] of runs) {
    expect(() => readOptions([...fixed, ...(given?.split(' ') ?? [])])).not.toThrow();
    expect(options).toContain(`--publish ${port}:${port}`);
  }
});

test('its health check asks a control route, and it does not run as root', () => {
  const [, path = ''] = /fetch\('http:\/\/127\.0\.0\.1:9199\/emulator(\/\w+)'\)/.exec(dockerfile) ?? [];
  expect(read('infra/emulator/control/control.ts')).toContain(`'GET ${path}'`);
  expect(dockerfile).toMatch(/^HEALTHCHECK /m);
  expect(dockerfile.slice(dockerfile.indexOf('FROM ${SOURCE}'))).toMatch(/^USER node$/m);
});

test('it is built from the published package, or from what a clone packs', () => {
  expect(dockerfile).toContain(`npm install --global ${manifest.name}@\${VERSION}`);
  expect(dockerfile).toContain(`COPY --from=packed /${manifest.name}-*.tgz`);
  const [, workspace = ''] = /npm pack --workspace (\S+)/.exec(dockerfile) ?? [];
  expect(existsSync(fileURLToPath(new URL(`../../../${workspace}/package.json`, import.meta.url)))).toBe(
    true,
  );
  const stages = [...dockerfile.matchAll(/^FROM \S+ AS (\w+)$/gm)].map(([, name]) => name);
  const [, fallback] = /^ARG SOURCE=(\w+)$/m.exec(dockerfile) ?? [];
  const [, other] = /--build-arg SOURCE=(\w+)/.exec(dockerfile) ?? [];
  expect(stages).toEqual(expect.arrayContaining([fallback, other]));
});

test('each base image has a version of Node that the package supports', () => {
  const versions = [...dockerfile.matchAll(/^FROM node:(\d+)-slim/gm)].map(([, major]) => Number(major));
  expect(versions.length).toBeGreaterThan(0);
  const least = Number(/\d+/.exec(manifest.engines.node)?.[0]);
  for (const version of versions) expect(version).toBeGreaterThanOrEqual(least);
});

test('the recipe for Testcontainers waits for the line and the path that there are, on the same port', () => {
  expect(recipe).toContain(`const PORT = ${port};`);
  const [, image] = /--tag (\S+)/.exec(dockerfile) ?? [];
  expect(recipe).toContain(`new GenericContainer('${image}')`);
  const [, line = ''] = /forLogMessage\(\/\^(\w+: )\/\)/.exec(recipe) ?? [];
  expect(line).not.toBe('');
  expect(read('infra/emulator/command/serve.ts')).toContain(`\`${line}\${emulator.url}`);
  const [, path = ''] = /forHttp\('\/emulator(\/\w+)', PORT\)/.exec(recipe) ?? [];
  expect(read('infra/emulator/control/control.ts')).toContain(`'GET ${path}'`);
  const [, given = ''] = /withCommand\(\[(.*)\]\)/.exec(recipe) ?? [];
  const options = [...given.matchAll(/'([^']+)'/g)].map(([, word = '']) => word);
  expect(readOptions([...fixed, ...options])).toMatchObject({ log: 'all', seed: '/data/seed.json' });
  expect(recipe).toContain(`target: '/data/seed.json'`);
});
