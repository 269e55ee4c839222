import { defineConfig } from 'vitest/config';
import { SlowFirst } from './test/support/slow-first.ts';

const UNIT = 'test/unit/**/*.test.ts';

export default defineConfig({
  test: {
    globalSetup: ['test/support/global-setup.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    pool: 'forks',
    // Two cores: most tests wait for a cloud, most of the time.
    maxWorkers: 3,
    maxConcurrency: 3,
    sequence: { sequencer: SlowFirst },
    projects: [
      { extends: true, test: { name: 'cloud', include: ['test/**/*.test.ts'], exclude: [UNIT] } },
      // What is pure needs no process of its own for each file: to load everything again takes longer than the tests.
      { extends: true, test: { name: 'unit', include: [UNIT], isolate: false } },
    ],
  },
});
