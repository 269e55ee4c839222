import { describe } from 'vitest';

import type { ContractMirror, MirrorBench } from './bench.ts';
import { channelTests } from './channels.ts';
import { claimTests } from './claims.ts';
import { commitTests } from './commits.ts';
import { itemTests } from './items.ts';
import { watchTests } from './watches.ts';

/** By method, so that a new one does not compile without tests. */
const TESTS: Readonly<Record<keyof ContractMirror, (bench: MirrorBench) => void>> = {
  ...watchTests,
  ...claimTests,
  ...channelTests,
  ...commitTests,
  ...itemTests,
};

/** Registers the tests that every implementation of the mirror must pass. */
export function testMirror(bench: MirrorBench): void {
  describe.each(Object.entries(TESTS))('%s', (_, register) => {
    register(bench);
  });
}
