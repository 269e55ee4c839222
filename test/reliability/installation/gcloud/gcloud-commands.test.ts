/** gcloud itself parses every command that documents, messages, Terraform and Cloud Build have people or machines run. */
import { beforeAll, expect, test } from 'vitest';
import { allGcloudCommands } from '../../../support/gcloud/commands.ts';
import { rejectedByGcloud } from '../../../support/gcloud/lint.ts';

const shown = allGcloudCommands();

const WRONG = [
  [
    'a misspelt flag',
    'gcloud pubsub topics create t --message-retention-durations=7d',
    /unrecognized arguments: --message-retention-durations=7d/,
  ],
  ['a misspelt command', 'gcloud pubsub topics mkae t', /Invalid choice: 'mkae'/],
  ['a misspelt name of a command', 'gcloud functions deplyo --help', /Invalid choice: 'deplyo'/],
  ['a missing flag', 'gcloud pubsub subscriptions create s', /--topic.*Must be specified/],
  ['an invalid value', 'gcloud pubsub subscriptions create s --topic=t --ack-deadline=soon', /soon/],
  ['an argument too many', 'gcloud secrets delete a b', /unrecognized arguments/],
] as const;

/**
 * Commands that a recent gcloud has and an older one not, with their flags.
 * https://cloud.google.com/sdk/gcloud/reference/firestore/databases/clone
 */
const NEW: Readonly<Record<string, readonly string[]>> = {
  'gcloud firestore databases clone': ['source-database', 'snapshot-time', 'destination-database', 'project'],
};

/** Returns whether an older gcloud rejects a command only because it is new. */
function isNew(command: string, message: string): boolean {
  const [name, flags] = Object.entries(NEW).find(([each]) => command.startsWith(`${each} --`)) ?? [];
  if (name === undefined || !message.startsWith(`Invalid choice: '${name.split(' ').at(-1) ?? ''}'`))
    return false;
  const given = [...command.matchAll(/ --([\w-]+)/g)].map(([, flag = '']) => flag);
  return JSON.stringify(given.toSorted()) === JSON.stringify(flags?.toSorted());
}

let rejected: ReadonlyMap<string, string>;
beforeAll(async () => {
  const commands = [...shown.map(({ command }) => command), ...WRONG.map(([, command]) => command)];
  rejected = await rejectedByGcloud(commands);
  // gcloud takes a tenth of a second for each command, and much longer on a machine that is busy.
}, 600_000);

test('gcloud accepts every command that is shown', () => {
  expect(shown.length).toBeGreaterThan(150);
  const wrong = shown.flatMap(({ path, command }) => {
    const message = rejected.get(command);
    return message === undefined || isNew(command, message) ? [] : [`${path}: ${command}: ${message}`];
  });
  expect(wrong).toEqual([]);
});

test.each(WRONG)('gcloud rejects %s', (_, command, message) => {
  expect(rejected.get(command)).toMatch(message);
});
