/** Pages in Chromium that remember what went wrong on them. */
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';

export interface PageOptions extends BrowserContextOptions {
  /** Console errors that the test causes on purpose, such as those of requests that fail. */
  readonly expected?: RegExp;
}

/** Time limit of a condition on a page, in ms; generous, for slow machines. */
export const LIMIT_MS = 60_000;

/** Opens pages of a browser, and closes them together. */
export function createPages(browser: Browser | undefined) {
  const errors: string[] = [];
  const contexts: BrowserContext[] = [];
  return {
    /** Opens an empty page in a context of its own, or in that of another page. Violations of its security policy count as errors. */
    async open({ expected, ...options }: PageOptions = {}, beside?: Page): Promise<Page> {
      const page = await (beside?.context() ?? (await newContext(options))).newPage();
      const report = (text: string): void => {
        if (!expected?.test(text)) errors.push(text);
      };
      page.on('pageerror', (error) => report(error.stack ?? error.message));
      page.on('console', (message) => {
        if (message.type() === 'error') report(`${message.text()} ${message.location().url}`);
      });
      return page;
    },
    /** Closes all pages. @throws Error with what went wrong on them */
    async close(): Promise<void> {
      await Promise.all(contexts.map((context) => context.close()));
      if (errors.length > 0) throw new Error(`errors on the console:\n${errors.join('\n')}`);
    },
  };

  async function newContext(options: BrowserContextOptions): Promise<BrowserContext> {
    if (browser === undefined) throw new Error('there is no browser');
    const context = await browser.newContext({
      viewport: { width: 1280, height: 900 },
      locale: 'en-GB',
      reducedMotion: 'reduce',
      ...options,
    });
    context.setDefaultTimeout(LIMIT_MS);
    contexts.push(context);
    return context;
  }
}
