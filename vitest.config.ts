import { defineConfig } from 'vitest/config';
import { SlowFirst } from './test/support/slow-first.ts';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    pool: 'forks',
    // Two cores: most tests wait for a cloud, most of the time.
    maxWorkers: 3,
    maxConcurrency: 3,
    sequence: { sequencer: SlowFirst },
  },
});
