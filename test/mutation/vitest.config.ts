import { defineConfig } from 'vitest/config';

/** The unit tests of the functions alone, without the emulators that others need: a mutation run needs them thousands of times. */
export default defineConfig({
  test: { include: ['test/unit/**/*.test.ts'], exclude: ['test/unit/calendar/**'], isolate: false },
});
