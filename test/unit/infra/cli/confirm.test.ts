/** Asking for confirmation. */
import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { confirm } from '../../../../infra/cli/confirm.ts';
import { Failure, UsageError } from '../../../../infra/cli/failure.ts';

function terminal(answer: string, isTTY = true) {
  const input = Object.assign(new PassThrough(), { isTTY });
  input.write(`${answer}\n`);
  return { input, output: new PassThrough() };
}

test.each(['y', 'Y', 'yes', ' yes '])('%j confirms', async (answer) => {
  const { input, output } = terminal(answer);
  await confirm('Really?', false, input, output);
  expect(String(output.read())).toContain('Really? [y/N]');
});

test.each(['', 'n', 'no', 'yesterday'])('%j does not confirm', async (answer) => {
  const { input, output } = terminal(answer);
  await expect(confirm('Really?', false, input, output)).rejects.toThrow(Failure);
});

test('a closed terminal does not confirm', async () => {
  const input = Object.assign(new PassThrough(), { isTTY: true });
  input.end();
  await expect(confirm('Really?', false, input, new PassThrough())).rejects.toThrow(Failure);
});

test('without a terminal it is a usage error', async () => {
  const { input, output } = terminal('y', false);
  await expect(confirm('Really?', false, input, output)).rejects.toThrow(UsageError);
  expect(output.read()).toBeNull();
});

test('--yes confirms without asking', async () => {
  const { input, output } = terminal('n', false);
  await confirm('Really?', true, input, output);
  expect(output.read()).toBeNull();
});
