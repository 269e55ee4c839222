/** Formatting, checked if Terraform is installed. */
import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { MODULE } from '../../../support/terraform/module.ts';

const EXAMPLES = `${MODULE}../examples`;
const isInstalled = spawnSync('terraform', ['version']).status === 0;

test.runIf(isInstalled)('every file is formatted by terraform fmt', () => {
  const args = ['fmt', '-check', '-recursive', '-diff', MODULE, EXAMPLES];
  const { status, stdout } = spawnSync('terraform', args, { encoding: 'utf8' });
  expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
});
