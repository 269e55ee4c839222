/** An apply that is killed, with Google's real provider against the stand-in for Google Cloud, and the way that the guide describes. */
import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { commandsOf, shellIn } from '../../../support/shell.ts';
import { inProject } from '../../../support/terraform/apply.ts';
import { whyNot } from '../../../support/terraform/terraform.ts';

/** Why the tests are left out, for their title. */
const missing = whyNot();

const APPLY = ['apply', '-auto-approve', '-no-color', '-parallelism=40'];

const guide = commandsOf(shellIn('infra/terraform/README.md', '## A killed apply'));
const [setting, importing] = [
  guide.filter((line) => /^\w+=/.test(line)),
  guide.filter((line) => line.startsWith('import ')),
];
const definitions = guide.filter((line) => /^\w+\(\)/.test(line));

/** The resources of the module that a message says exist already. */
const existing = (text: string): readonly string[] =>
  text
    .split('Error: ')
    .filter((message) => /\b409\b|already exists/.test(message))
    .flatMap((message) => /with module\.calendar_mirror\.([^,\s]+),/.exec(message)?.[1] ?? []);

/** Returns the guide's lines for a resource. That of one metric stands for all. */
function lineFor(address: string): string {
  const [, metric] = /^google_logging_metric\.measure\["(\w+)"\]$/.exec(address) ?? [];
  const shown = metric === undefined ? address : 'google_logging_metric.measure["syncs"]';
  const line = importing.find((each) => each.replaceAll("'", '').startsWith(`import ${shown} `));
  if (line === undefined) throw new Error(`the guide does not import ${address}`);
  return metric === undefined ? line : line.replaceAll('syncs', metric);
}

describe.skipIf(missing !== '')(`an apply that was killed${missing}`, () => {
  test('goes on after force-unlock and the imports of the guide', { timeout: 600_000 }, () =>
    inProject({ pause: '0s', stateIn: 'bucket' }, async (deployment, cloud) => {
      await deployment.killed(
        () => cloud.requests.some((request) => /^POST .*functionId=calendar-receive 200$/.test(request)),
        ...APPLY,
      );

      const locked = await deployment.terraform(...APPLY);
      expect(locked.text).toContain('Error acquiring the state lock');
      const [, id = ''] = /ID:\s+(\S+)/.exec(locked.text) ?? [];
      await deployment.run('force-unlock', '-force', id);

      const imported: string[] = [];
      let outcome = await deployment.terraform(...APPLY);
      while (outcome.code !== 0) {
        const found = existing(outcome.text);
        // Each round gets further: otherwise the guide does not help.
        if (found.every((address) => imported.includes(address))) throw new Error(outcome.text);
        for (const address of found) {
          const script = [...setting, ...definitions, lineFor(address)].join('\n');
          await promisify(execFile)(
            'bash',
            ['-euc', script.replace('PROJECT=my-project', `PROJECT=${cloud.project.id}`)],
            { cwd: deployment.root, env: deployment.env },
          );
          imported.push(address);
        }
        outcome = await deployment.terraform(...APPLY);
        await rm(join(deployment.root, 'infra/terraform/example/imports.tf'));
      }
      expect(imported.length).toBeGreaterThan(5);
      expect(await deployment.planned()).toEqual([]);
    }),
  );
});
