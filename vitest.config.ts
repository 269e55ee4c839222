import { defineConfig } from 'vitest/config';
import manifest from './package.json' with { type: 'json' };
import { SlowFirst } from './test/support/slow-first.ts';

/** For tests that need the built functions and the emulators of Firestore and Pub/Sub. */
const onCloud = {
  globalSetup: ['test/support/global-setup.ts'],
  // Each file makes its own cloud, and shares no state: a process for each would load all of Google's libraries again.
  isolate: false,
};

/** The examples import the project's own package: from its sources, not as it is built. */
const sources = Object.entries(manifest.exports).flatMap(([name, file]) =>
  typeof file === 'object'
    ? [[`calendar-mirror${name.slice(1)}`, new URL(file['calendar-mirror-source'], import.meta.url).pathname]]
    : [],
);

/** The same for the emulator's package, whose examples are tests. */
const emulator = new URL('infra/emulator/index.ts', import.meta.url).pathname;

export default defineConfig({
  resolve: { alias: { ...Object.fromEntries(sources), 'google-calendar-emulator': emulator } },
  test: {
    // Far above what any test takes, so that only tests that hang fail, even on a slow machine.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    pool: 'forks',
    // More than the two cores of CI: most tests spend their time waiting for the cloud.
    maxWorkers: 3,
    maxConcurrency: 3,
    sequence: { sequencer: SlowFirst },
    // CI keeps only its log, so failures print the differing values in full.
    chaiConfig: { truncateThreshold: 2_000 },
    projects: [
      // Pure code needs no process per file: loading the modules again takes longer than the tests.
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts', 'infra/emulator/examples/**/*.test.ts'],
          isolate: false,
        },
      },
      {
        extends: true,
        test: { name: 'cloud', include: ['test/{integration,end-to-end,bench}/**/*.test.ts'], ...onCloud },
      },
      // The emulator's page in Chromium.
      { extends: true, test: { name: 'browser', include: ['test/browser/*.test.ts'] } },
      // The console's page, likewise: its files share a process, and so one cloud and one browser.
      {
        extends: true,
        test: {
          name: 'console',
          include: ['test/browser/console/**/*.test.ts'],
          isolate: false,
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
      // Clients in other languages: what they check becomes tests while the files are collected.
      { extends: true, test: { name: 'clients', include: ['test/clients/*/*.test.ts'] } },
      {
        extends: true,
        test: { name: 'reliability', include: ['test/reliability/**/*.test.ts'], ...onCloud },
      },
    ],
  },
});
