import { readFileSync } from 'node:fs';
import { createRequire, wrap } from 'node:module';
import { join } from 'node:path';
import { constants, Script } from 'node:vm';

/**
 * Runs the bundle of a function with V8's code cache, because compiling several MB is most of the cost of a start. If the cache file is
 * missing, or from another version of V8, V8 compiles the bundle.
 */

const BUNDLE = 'function.js';
export const COMPILED = 'function.cache';

function compiledIn(folder: string): Buffer | undefined {
  try {
    return readFileSync(join(folder, COMPILED));
  } catch {
    return undefined;
  }
}

/** Runs the bundle in a folder as a CommonJS module. Returns the script, from which the cache is made. */
export function load(folder: string): Script {
  const filename = join(folder, BUNDLE);
  // The bundle is ASCII. Decoded as latin1, V8 stores it with one byte per character.
  const source = wrap(readFileSync(filename, 'latin1'));
  const script = new Script(source, {
    filename,
    cachedData: compiledIn(folder),
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  if (script.cachedDataRejected === true) {
    const message = `compiled code is from another version of Node than ${process.version}, starts take longer: deploy again`;
    process.stdout.write(`${JSON.stringify({ severity: 'WARNING', message })}\n`);
  }
  const module = { exports: {} };
  script.runInThisContext()(module.exports, createRequire(filename), module, filename, folder);
  return script;
}
