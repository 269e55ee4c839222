import { readFileSync } from 'node:fs';
import { createRequire, wrap } from 'node:module';
import { join } from 'node:path';
import { constants, Script } from 'node:vm';

/**
 * Runs a function's bundle from what V8 once made of it: compiling some MB anew is most of what a start would cost. Without
 * that file, or for another V8 than made it, V8 compiles the bundle as it always does.
 */

/** Below the folder that is deployed. */
const BUNDLE = 'function.js';
export const COMPILED = 'function.cache';

function compiledIn(folder: string): Buffer | undefined {
  try {
    return readFileSync(join(folder, COMPILED));
  } catch {
    return undefined;
  }
}

/** Runs the bundle in a folder as a CommonJS module, and hands back the script that V8 keeps of it. */
export function load(folder: string): Script {
  const filename = join(folder, BUNDLE);
  // The bundle is ASCII: read as such, V8 need not widen it.
  const source = wrap(readFileSync(filename, 'latin1'));
  const script = new Script(source, {
    filename,
    cachedData: compiledIn(folder),
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  const module = { exports: {} };
  script.runInThisContext()(module.exports, createRequire(filename), module, filename, folder);
  return script;
}
