/**
 * Configures `npm run mutate`, which changes each decision of the functions in every way that Stryker knows, one at a time, and runs the
 * unit tests that reach it. A mutant that no test notices survives; too many survivors fail the command.
 */
export default {
  // Files with decisions. Files that talk to a service are left to the tests on emulators, which are too slow here.
  mutate: [
    'functions/config.ts',
    'functions/runtime/{backoff,log,retry}.ts',
    'functions/calendar/{errors,event-times,resources,retry}.ts',
    'functions/watches/channel-token.ts',
    'functions/feed/{attendees,batches,change,consumer,dead-letter,differences,envelope,event-kinds,kinds,notification}.ts',
    'functions/firestore/paths.ts',
    'functions/meetings/{busy-times,join-link,links,meeting-key,providers}.ts',
    'functions/mirror/data.ts',
    'functions/watches/{spec,watch}.ts',
    'functions/receive/notification.ts',
    'functions/renew/{plan,schedule}.ts',
    'functions/sync/{batches,changes,complete,decide,event-fields,failure,read-page}.ts',
  ],
  // Code that runs when a file is loaded (schemas, constants) affects all tests at once, which costs minutes more. `MUTATE_STATIC=1 npm run
  // mutate -- --mutate functions/config.ts` includes it for one file.
  ignoreStatic: process.env.MUTATE_STATIC === undefined,
  thresholds: { high: 95, low: 90, break: 90 },
  testRunner: 'vitest',
  vitest: { configFile: 'test/mutation/vitest.config.ts' },
  // Stryker would rewrite paths in it, by an interface that TypeScript 7 does not have. Ours has no paths.
  tsconfigFile: 'none',
  disableTypeChecks: false,
  concurrency: 2,
  ignorePatterns: ['coverage', 'dist'],
  tempDirName: 'coverage/mutation/sandbox',
  htmlReporter: { fileName: 'coverage/mutation/report.html' },
  clearTextReporter: { logTests: false, reportTests: false },
};
