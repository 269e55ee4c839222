/** Tests of the emulator's page in Chromium, as fixtures. The tests of a file share the browser; each has an emulator of its own. */
import { expect, test as base } from 'vitest';
import { startCalendarEmulator } from '../../../infra/emulator/server.ts';
import { loadPage } from '../../../infra/emulator/page/html.ts';
import { eventually } from '../eventually.ts';
import { CHROMIUM, isChromiumInstalled, launchChromium } from './chromium.ts';
import { createPages, LIMIT_MS, type PageOptions } from './pages.ts';
import { seed } from './week.ts';
import type { Page } from 'playwright-core';
import type { CalendarEmulator } from '../../../infra/emulator/types.ts';

interface OpenOptions extends PageOptions {
  /** The root URL to open; the emulator's own by default. */
  readonly url?: string;
}

/** Opens the page at a fragment such as `/journal`, in a context of its own. */
export type Open = (fragment: string, options?: OpenOptions) => Promise<Page>;

export const test = base
  .extend('browser', { scope: 'file' }, async ({}, { onCleanup }) => {
    if (!isChromiumInstalled()) return undefined;
    // The first page of a process is built from its sources.
    const [browser] = await Promise.all([launchChromium(), loadPage()]);
    onCleanup(() => browser.close());
    return browser;
  })
  .extend('emulator', async ({}, { onCleanup }): Promise<CalendarEmulator> => {
    const emulator = await startCalendarEmulator({
      initial: seed,
      channels: { retryBaseMs: 10, maxAttempts: 3 },
    });
    onCleanup(() => emulator.close());
    return emulator;
  })
  .extend('open', ({ browser, emulator, skip }, { onCleanup }): Open => {
    skip(browser === undefined, `left out, ${CHROMIUM} not found on this machine`);
    const pages = createPages(browser);
    onCleanup(() => pages.close());
    return async (fragment, { url = emulator.url, ...options } = {}) => {
      const page = await pages.open(options);
      await page.goto(`${url}/emulator/#${fragment}`);
      await page.getByRole('banner').getByText('live', { exact: true }).waitFor();
      return page;
    };
  });

/** Waits until what `read` returns contains what is expected. */
export const waitFor = <T>(read: () => T | Promise<T>, expected: unknown): Promise<void> =>
  eventually(async () => expect(await read()).toEqual(expected), LIMIT_MS);
