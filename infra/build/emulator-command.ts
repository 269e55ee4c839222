import { build } from 'esbuild';

import { ESM_BUNDLE } from './library.ts';

/**
 * Bundles the emulator's command. It has its libraries in it, minified: it starts in two thirds of the time. A seed in YAML can wait for
 * its parser.
 * @param outdir absolute, or relative to the project
 */
export async function buildEmulatorCommand(outdir: string): Promise<void> {
  await build({
    ...ESM_BUNDLE,
    entryPoints: ['infra/emulator/main.ts'],
    outdir,
    minify: true,
    external: ['yaml'],
  });
}
