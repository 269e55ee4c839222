/** The gcloud commands of documents, messages, Terraform and Cloud Build are found, each as a shell would run it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { allGcloudCommands, commandsInDocument } from '../../../support/gcloud/commands.ts';
import { commandsInCode, commandsInText } from '../../../support/gcloud/messages.ts';

const shown = allGcloudCommands();

test.each([
  ['README.md', /^gcloud auth login --update-adc$/],
  ['infra/gcloud.md', /^gcloud beta services identity create --service=pubsub\.googleapis\.com$/],
  ['infra/terraform/receive.tf', /^gcloud run services update name .*--no-invoker-iam-check$/],
  ['cloudbuild.yaml', /^gcloud builds submit --substitutions=/],
  [
    'infra/cli/doctor/subscriptions.ts',
    /^gcloud pubsub subscriptions update name .*--max-delivery-attempts=100$/,
  ],
  ['infra/cli/doctor/scheduler.ts', /^gcloud scheduler jobs resume name --location=/],
  ['infra/cli/doctor/database.ts', /^gcloud firestore indexes composite create /],
  ['functions/calendar/advice.ts', /^gcloud services enable calendar-json\.googleapis\.com /],
])('%s shows %s', (path, command) => {
  const there = shown.filter((each) => each.path === path).map((each) => each.command);
  expect(there).toContainEqual(expect.stringMatching(command));
});

test('a sign-in is for gcloud and for client libraries', () => {
  const logins = shown
    .map(({ command }) => command)
    // As a service account, only client libraries are signed in.
    .filter((each) => each.startsWith('gcloud auth') && !each.includes('--impersonate-service-account='));
  expect(new Set(logins)).toEqual(new Set(['gcloud auth login --update-adc']));
});

test('commands of a document are found in shell blocks, in sessions and in the text', () => {
  const text = [
    'Run `gcloud auth list --limit=1` or `ls`. `gcloud functions deploy` deploys.',
    `\`\`\`sh\nP=p\nN=$(gcloud projects describe $P --format='value(projectNumber)')\nfor a in x y; do\n  gcloud a $a-1 --b="$P c" --d=$N\ndone\n\`\`\``,
    '```\n$ gcloud info\ngcloud is not typed\n```',
    '```sh\nprintf \'%s\' "$K" | gcloud secrets create s --data-file=-\n```',
  ].join('\n\n');
  expect(commandsInDocument({ path: 'x.md', text })).toEqual([
    "gcloud a x-1 --b='p c' --d=1",
    "gcloud a y-1 --b='p c' --d=1",
    'gcloud info',
    'gcloud secrets create s --data-file=-',
    "gcloud projects describe p --format='value(projectNumber)'",
    'gcloud auth list --limit=1',
    'gcloud functions deploy --help',
  ]);
});

test('a command in a message ends before what follows it', () => {
  const text =
    "terraform apply, or gcloud a b --c='x; y' --d (see z), then gcloud e f; gcloud g && gcloud h i";
  expect(commandsInText(text)).toEqual(["gcloud a b --c='x; y' --d", 'gcloud e f', 'gcloud g', 'gcloud h i']);
});

describe('a message in code is put together', () => {
  const folder = mkdtempSync(join(tmpdir(), 'messages-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  test.each([
    ['from a literal', "const a = 'run gcloud info';", ['gcloud info']],
    [
      'from constants',
      'const at = `--x=${p}`; f(`gcloud a ${at} --y=${String(2)}`);',
      ['gcloud a --x=1 --y=1'],
    ],
    ['of each branch', "f(`gcloud a${c ? ' --b' : ''}`);", ['gcloud a --b', 'gcloud a']],
    [
      'from a function',
      'const g = (x: string): string => { return `gcloud ${x} --z`; }; g(`a b`);',
      ['gcloud a b --z'],
    ],
    ['from lists', "f(`gcloud a ${['b', c].map((x) => `--i=${x}`).join(' ')}`);", ['gcloud a --i=b --i=1']],
    ['from a sum', 'f(`gcloud a ${p} ` + `--b` + " --c");', ['gcloud a 1 --b --c']],
    ['from what it imports', "import { at } from './other.ts'; f(`gcloud a ${at(p)}`);", ['gcloud a --at=1']],
  ])('%s', (_, code, commands) => {
    writeFileSync(join(folder, 'other.ts'), 'export const at = (p: string): string => `--at=${p}`;');
    writeFileSync(join(folder, 'message.ts'), code);
    const found = commandsInCode(pathToFileURL(join(folder, 'message.ts')));
    expect(found).toEqual(expect.arrayContaining(commands));
    expect(found).not.toContain('gcloud a 1');
  });
});
