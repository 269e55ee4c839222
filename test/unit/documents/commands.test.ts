/** Every command of this project in the documents names scripts, commands, options, files and variables that exist. */
import { expect, test } from 'vitest';
import { projectCommandsOf, unknownIn } from '../../support/document-commands.ts';
import { allDocuments } from '../../support/documents.ts';

const commands = allDocuments().flatMap((document) =>
  projectCommandsOf(document).map((command) => ({ path: document.path, command })),
);

test('every command of the documents exists', () => {
  expect(commands.length).toBeGreaterThan(100);
  for (const kind of ['npm run ', 'npm start', 'npx calendar-mirror ', 'terraform ', '.ci/run'])
    expect(commands.some(({ command }) => command.startsWith(kind))).toBe(true);
  const unknown = commands.flatMap((each) => unknownIn(each.command).map((what) => ({ ...each, what })));
  expect(unknown).toEqual([]);
});

test.each([
  ['npm run tests', 'tests'],
  ['npm run bench -- cold-starts', 'cold-starts'],
  ['npm run bench -- --jsn', '--jsn'],
  ['npm run bench --json', 'bench without --: --json'],
  ['npm run simulate -- --days 90 --weeks 3', '--weeks'],
  ['npm start -- --silent', '--silent'],
  ['npm run test:unit -- test/unit/gone.test.ts', 'test/unit/gone.test.ts'],
  ['npx calendar-mirror unwach x', 'unwach'],
  ['npx calendar-mirror --project p lst', 'lst'],
  ['calendar-mirror sync <watch> --ful', '--ful'],
  ['calendar-mirror dead-letters forget', 'forget'],
  ['node infra/gone.ts', 'infra/gone.ts'],
  ['.ci/gone', '.ci/gone'],
  ['terraform -chdir=infra/gone apply', 'infra/gone'],
  ['terraform -chdir=infra/terraform/example apply -var=project=p', 'project'],
  ['-var=calendar=x', 'calendar'],
])('of %s, %s does not exist', (command, what) => {
  expect(unknownIn(command)).toEqual([what]);
});

test('commands are found in shell blocks, in sessions and in the text', () => {
  const text = [
    'Run `npm test` or `ls`.',
    '```sh\nA=$(terraform output x)\nnpm ci && npm run build # now\n```',
    '```\n$ npx calendar-mirror list\nnpm is not typed\n```',
    '```json\n$ npm run not\n```',
  ].join('\n\n');
  expect(projectCommandsOf({ path: 'x.md', text })).toEqual([
    'terraform output x',
    'npm run build # now',
    'npx calendar-mirror list',
    'npm test',
  ]);
});
