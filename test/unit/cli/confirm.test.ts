/** Asking before something is destroyed. */
import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { confirm } from '../../../functions/cli/confirm.ts';
import { Failure, WrongUse } from '../../../functions/cli/failure.ts';

function terminal(answer: string, isTTY = true) {
  const input = Object.assign(new PassThrough(), { isTTY });
  input.write(`${answer}\n`);
  return { input, output: new PassThrough() };
}

test.each(['y', 'Y', 'yes', ' yes '])('%j is a yes', async (answer) => {
  const { input, output } = terminal(answer);
  await confirm('Really?', false, input, output);
  expect(String(output.read())).toContain('Really? [y/N]');
});

test.each(['', 'n', 'no', 'yesterday'])('%j is none, and nothing is done', async (answer) => {
  const { input, output } = terminal(answer);
  await expect(confirm('Really?', false, input, output)).rejects.toThrow(Failure);
});

test('whoever leaves has not said yes', async () => {
  const input = Object.assign(new PassThrough(), { isTTY: true });
  input.end();
  await expect(confirm('Really?', false, input, new PassThrough())).rejects.toThrow(Failure);
});

test('without a terminal nobody is asked, and nothing is done', async () => {
  const { input, output } = terminal('y', false);
  await expect(confirm('Really?', false, input, output)).rejects.toThrow(WrongUse);
  expect(output.read()).toBeNull();
});

test('whoever has said yes is not asked', async () => {
  const { input, output } = terminal('n', false);
  await confirm('Really?', true, input, output);
  expect(output.read()).toBeNull();
});
