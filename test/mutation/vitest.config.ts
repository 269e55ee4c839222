import { defineConfig } from 'vitest/config';

/** Runs the unit tests of the functions alone, without emulators: a mutation run repeats them thousands of times. */
export default defineConfig({
  test: { include: ['test/unit/**/*.test.ts'], exclude: ['test/unit/emulator/**'], isolate: false },
});
