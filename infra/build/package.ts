import { buildLibrary } from './library.ts';

/** Builds the modules that consumers import as `calendar-mirror/…` into `dist/package`. */
await buildLibrary({
  base: 'functions',
  outdir: 'dist/package',
  modules: ['feed/consumer.ts', 'agenda/index.ts', 'meetings/index.ts', 'watches/index.ts'],
});
