/** Tests of the emulator's page in Chromium, as fixtures. The tests of a file share the browser; each has an emulator of its own. */
import { expect, test as base } from 'vitest';
import { startCalendarEmulator } from '../../../infra/emulator/server.ts';
import { loadPage } from '../../../infra/emulator/page/html.ts';
import { eventually } from '../eventually.ts';
import { CHROMIUM, isChromiumInstalled, launchChromium } from './chromium.ts';
import { seed } from './week.ts';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { CalendarEmulator } from '../../../infra/emulator/types.ts';

interface OpenOptions extends BrowserContextOptions {
  /** Console errors that the test causes on purpose, such as those of requests that fail. */
  readonly expected?: RegExp;
  /** The root URL to open; the emulator's own by default. */
  readonly url?: string;
}

/** Opens the page at a fragment such as `/journal`, in a context of its own. */
export type Open = (fragment: string, options?: OpenOptions) => Promise<Page>;

/** What a condition on a page may take: a slow machine is still not waited for in vain. */
const LIMIT_MS = 15_000;

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
    const errors: string[] = [];
    const contexts: (() => Promise<void>)[] = [];
    onCleanup(async () => {
      await Promise.all(contexts.map((close) => close()));
      if (errors.length > 0) throw new Error(`errors on the console:\n${errors.join('\n')}`);
    });
    return async (fragment, { expected, url = emulator.url, ...options } = {}) => {
      const page = await newPage(browser, options);
      contexts.push(() => page.context().close());
      const report = (text: string): void => {
        if (!expected?.test(text)) errors.push(text);
      };
      page.on('pageerror', (error) => report(error.stack ?? error.message));
      page.on('console', (message) => {
        if (message.type() === 'error') report(`${message.text()} ${message.location().url}`);
      });
      await page.goto(`${url}/emulator/#${fragment}`);
      await page.getByRole('banner').getByText('live', { exact: true }).waitFor();
      return page;
    };
  });

async function newPage(browser: Browser | undefined, options: BrowserContextOptions): Promise<Page> {
  if (browser === undefined) throw new Error('there is no browser');
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    locale: 'en-GB',
    reducedMotion: 'reduce',
    ...options,
  });
  context.setDefaultTimeout(LIMIT_MS);
  return context.newPage();
}

/** Waits until what `read` returns contains what is expected. */
export const waitFor = <T>(read: () => T | Promise<T>, expected: unknown): Promise<void> =>
  eventually(async () => expect(await read()).toEqual(expected), LIMIT_MS);
