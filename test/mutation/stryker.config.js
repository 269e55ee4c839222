/**
 * What `npm run mutate` does: breaks each decision of the functions in every way that Stryker knows, one at a time, and
 * runs the unit tests that reach it. A change that no test notices survives; too many of them fail the command.
 */
export default {
  // Files that decide; those that talk to a service are for the tests on the emulators, which are too slow for this.
  mutate: [
    'functions/{backoff,config,log}.ts',
    'functions/calendar/{errors,instant,resources,retry}.ts',
    'functions/calendar/auth/recent.ts',
    'functions/channel/token.ts',
    'functions/feed/{batches,change,consumer,dead-letter,envelope,notification}.ts',
    'functions/mirror/{data,ids,spec,watch}.ts',
    'functions/receive/notification.ts',
    'functions/renew/plan.ts',
    'functions/sync/{changes,complete,decide,event-fields,message,parts,trouble}.ts',
  ],
  // What runs when a file is loaded (schemas, constants) is broken for all tests at once, which costs minutes more:
  // `MUTATE_STATIC=1 npm run mutate -- --mutate functions/config.ts` does it for one file.
  ignoreStatic: process.env.MUTATE_STATIC === undefined,
  thresholds: { high: 95, low: 90, break: 90 },
  testRunner: 'vitest',
  vitest: { configFile: 'test/mutation/vitest.config.ts' },
  // Stryker would rewrite paths in it, by an interface that TypeScript 7 no longer has. Ours has no paths to rewrite.
  tsconfigFile: 'none',
  disableTypeChecks: false,
  concurrency: 2,
  ignorePatterns: ['coverage', 'dist'],
  tempDirName: 'coverage/mutation/sandbox',
  htmlReporter: { fileName: 'coverage/mutation/report.html' },
  clearTextReporter: { logTests: false, reportTests: false },
};
