/** The help of every command, as a snapshot in `help.txt`. */
import type { Command } from 'commander';
import { expect, test } from 'vitest';
import { createProgram } from '../../../../infra/cli/program.ts';

const withAll = (command: Command): Command[] => [command, ...command.commands.flatMap(withAll)];

function helpOf(command: Command): string {
  let help = '';
  command.configureOutput({
    writeOut: (text) => {
      help += text;
    },
    getOutHelpWidth: () => 100,
  });
  command.outputHelp();
  return help;
}

test('the help of all commands equals help.txt', async () => {
  const helps = withAll(createProgram()).map(helpOf);
  await expect(helps.join(`\n${'-'.repeat(100)}\n\n`)).toMatchFileSnapshot('help.txt');
});

test('every command has examples, each of that command', () => {
  const ends = withAll(createProgram()).filter(({ commands }) => commands.length === 0);
  expect(ends.map((command) => command.name())).toEqual(
    expect.arrayContaining([
      'watch',
      'unwatch',
      'list',
      'status',
      'sync',
      'renew',
      'tail',
      'events',
      'busy',
      'replay',
      'purge',
    ]),
  );
  for (const command of ends) {
    const [, examples = ''] = helpOf(command).split('Examples:\n');
    const lines = examples.trim().split('\n');
    for (const line of lines)
      expect(line).toMatch(
        new RegExp(String.raw`\$ npx calendar-mirror (dead-letters |tokens )?${command.name()}\b`),
      );
  }
});
