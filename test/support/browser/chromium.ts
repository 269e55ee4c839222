import { accessSync, constants } from 'node:fs';
import { CHROMIUM } from '../../../infra/build/screenshots/chromium.ts';

export { CHROMIUM, launchChromium } from '../../../infra/build/screenshots/chromium.ts';

/** Returns whether the browser can be started on this machine. */
export function isChromiumInstalled(): boolean {
  try {
    accessSync(CHROMIUM, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
