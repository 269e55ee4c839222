import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';

/** Debian's path; the variable `CHROMIUM` names another one. */
export const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

/** Starts Chromium without a window. */
export function launchChromium(): Promise<Browser> {
  // Chromium refuses to run as root with its sandbox, and containers run as root.
  return chromium.launch({
    executablePath: CHROMIUM,
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  });
}
