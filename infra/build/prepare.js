/**
 * The `prepare` script of npm, which builds the command line after `npm install` in a clone. Without development dependencies there is
 * no esbuild, and the command line runs from source. In JavaScript, because the installing Node may not support TypeScript.
 */
function isInstalled(name) {
  try {
    return import.meta.resolve(name) !== '';
  } catch {
    return false;
  }
}

if (isInstalled('esbuild')) {
  const { buildCommandLine } = await import('./cli.ts');
  await buildCommandLine();
} else process.stderr.write('esbuild is not installed: skipped building the command line\n');
