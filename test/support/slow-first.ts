import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The slowest files, which start first: started last, one of them would occupy one worker while the others are idle. */
const SLOW = [
  /\/crash\//,
  /\/interleavings\//,
  /\/property\//,
  /\/simulation\//,
  /\/installation\//,
  /\/scale\//,
  /\/reliability\/consumers\//,
  /\/infra\/local\/(?:run|session)\.test/,
  /\/clients\//,
  /\/emulator\/(?:compare|coverage|main)\.test/,
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
