import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The longest first: begun last, one of them would keep one worker busy for minutes while the other has nothing to do. */
const SLOW = [
  /\/crash\//,
  /\/interleavings\//,
  /\/property\.test/,
  /\/simulation\//,
  /\/trouble\.test/,
  /\/end-to-end\//,
];

const rank = ({ moduleId }: TestSpecification): number => {
  const found = SLOW.findIndex((pattern) => pattern.test(moduleId));
  return found === -1 ? SLOW.length : found;
};

export class SlowFirst extends BaseSequencer {
  override sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return Promise.resolve(files.toSorted((a, b) => rank(a) - rank(b)));
  }
}
